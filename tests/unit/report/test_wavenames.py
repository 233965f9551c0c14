"""Labels of waves in notes and sentences."""

import pandas as pd

from alongside.report.wavenames import label_waves

WAVES = {"six": "At 6 months", "twelve": "At 12 months", "twelve-b": "Again"}


def test_notes_and_sentences_name_waves_by_their_labels():
    frame = pd.DataFrame({"note": [
        "not measured at wave twelve so far", "nobody in mentored has a score at wave twelve-b",
        "the comparison cohort had been mentored by wave six", "not seen at wave twelvefold", "micro wave six", None,
    ]}, dtype="str")  # fmt: skip
    claims = pd.DataFrame({"sentence": ["Nothing can be said about it: not measured at wave twelve so far."]})
    done = label_waves({"estimates": frame, "models": frame, "claims": claims, "means": frame}, WAVES)
    assert done["estimates"]["note"].tolist()[:5] == [
        "not measured at the survey “At 12 months” so far",
        "nobody in mentored has a score at the survey “Again”",
        "the comparison cohort had been mentored by the survey “At 6 months”",
        "not seen at wave twelvefold",
        "micro wave six",
    ]
    assert done["models"].equals(done["estimates"])
    assert pd.isna(done["estimates"]["note"].iloc[5])
    assert done["claims"]["sentence"].tolist() == [
        "Nothing can be said about it: not measured at the survey “At 12 months” so far."
    ]
    assert done["means"] is frame
