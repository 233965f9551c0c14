"""Does the study file agree with itself? Checks across blocks, one module a block.

In: a `Draft`. Out: one `Problem` for each contradiction. Names are looked up among those that were written, so that a
fault inside an outcome does not make every claim about it look wrong.
"""

from alongside.study.checks.analysis import check_analysis, check_claims
from alongside.study.checks.keying import check_keying
from alongside.study.checks.names import check_names
from alongside.study.checks.outcomes import check_outcomes
from alongside.study.checks.participants import check_participants
from alongside.study.checks.waves import check_sources, check_waves
from alongside.study.shared_labels import check_shared_labels

CHECKS = (
    check_names, check_participants, check_waves, check_sources, check_outcomes, check_shared_labels,
    check_keying, check_analysis, check_claims,
)  # fmt: skip


def check_across(draft):
    """Every problem between the blocks of a draft."""
    return [problem for check in CHECKS for problem in check(draft)]
