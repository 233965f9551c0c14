"""Write the data dictionary of a study's cleaned data: codebook.csv and codebook.html.

In: the study's folder and the folder to write to. Out: the two paths. No export is opened: the study file and the
codebooks say everything, also before the first answer has come in. Each file is written beside and renamed.
Fails with the UserError of the study reader.
"""

import os

from alongside.report.dictionary import compose_dictionary, list_columns
from alongside.report.html import write_html
from alongside.report.spreadsheet import neutralise_formulas
from alongside.study import load_study


def write_codebook(folder, target):
    """folder: the study's; target: where the files go, made if it is not there"""
    study = load_study(folder / "study.yaml")
    columns = list_columns(study, study.load_codebooks())
    title = study.info.title
    page = write_html(compose_dictionary(columns, title=title), figures={}, title=f"Data dictionary: {title}")
    target.mkdir(parents=True, exist_ok=True)
    texts = {"codebook.csv": neutralise_formulas(columns).to_csv(index=False), "codebook.html": page}
    for name, text in texts.items():
        beside = target / f".{name}.new"
        beside.write_text(text, encoding="utf-8", newline="")
        os.replace(beside, target / name)
        yield target / name
