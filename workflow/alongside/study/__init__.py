"""The study file as typed objects: what a study asks, of whom, when, with which scales, and what is judged.

`load_study` reads data/<study>/study.yaml and reports every mistake at once; `Study.slice` gives plain pieces for a
rule's parameters and `rebuild_slice` types them again inside the rule.
"""

from alongside.study.outcomes import Outcome, Worthwhile
from alongside.study.participants import Covariate, Participants
from alongside.study.read import load_study
from alongside.study.waves import Source, Wave
from alongside.study.whole import Study, rebuild_slice

__all__ = [
    "Covariate",
    "Outcome",
    "Participants",
    "Source",
    "Study",
    "Wave",
    "Worthwhile",
    "load_study",
    "rebuild_slice",
]
