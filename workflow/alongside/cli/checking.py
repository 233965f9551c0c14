"""Read a study and its exports without running anything.

In: the study's folder. Out: lines for the screen: what the study file declares, what this version leaves out, what was
read and set aside. Nothing is written, and no participant's value is shown: the pseudonyms made on the way are thrown
away with their key. Fails with the UserError of the study reader or of intake.
"""

import secrets

from alongside.instruments import load_instrument
from alongside.intake import read_exports
from alongside.study import load_study


def check_study(folder):
    study = load_study(folder / "study.yaml")
    yield f"{folder.name}: the study file can be read (outcomes: {len(study.outcomes)}, waves: {len(study.waves)})."
    yield from (f"  {sentence}" for sentence in study.not_done_yet)
    scales = {outcome.instrument for outcome in study.outcomes.values() if outcome.instrument}
    instruments = {name: load_instrument(name, folder / "instruments") for name in sorted(scales)}
    read = read_exports(folder, plan=study, instruments=instruments, key=secrets.token_bytes(32))
    yield f"The exports can be read (people: {len(read.people):,}, answers: {len(read.answers):,})."
    acted = read.ledger.groupby(["rule", "action"], sort=True, observed=True).size()
    yield from (f"  {action}, {rule}: {count:,}" for (rule, action), count in acted.items())
    yield from (f"  {note}" for note in read.notes)
