"""The people table: cohort, clusters, mentor, covariates and dose of everybody enrolled.

In: who is enrolled, in which cohort, and the tables that say something about them. Out: the table, in the order of the
raw identifiers, and notes; contradictions go to the ledger. What a fact means is decided in `facts`.
"""

import pandas as pd

from alongside.intake.facts import assign_category, assign_number, cohort_order, collect, flag_conflicts
from alongside.intake.identity import pseudonym
from alongside.tables import PEOPLE
from alongside.tables.check import check_table


class Description:
    """tables: as for `facts.collect`; enrolled: person numbers; names: pseudonyms by person number"""

    def __init__(self, tables, *, participants, enrolled, names, problems, ledger):
        self._tables, self._participants, self._enrolled, self._names = tables, participants, enrolled, names
        self._problems, self._ledger = problems, ledger
        self.notes = []

    def tabulate(self, cohort, conflicts, *, key):
        """The people table. cohort: its place by person number; conflicts: records that contradict it"""
        participants, ledger, names = self._participants, self._ledger, self._names
        columns = {
            "participant": names[self._enrolled],
            "cohort": pd.Categorical.from_codes(cohort[self._enrolled], cohort_order(participants.cohort)),
        }
        flag_conflicts(
            conflicts, "cohort-conflict", names=names, ledger=ledger, allowed="the cohort as first recorded",
            remedy="the person is analysed as first assigned; mend the wrong record in corrections.csv",
        )  # fmt: skip
        for name in participants.clusters:
            columns[name], moved = self._category(f"cluster:{name}")
            flag_conflicts(
                moved, "cluster-moved", names=names, ledger=ledger, allowed=f"the {name} as first recorded",
                remedy="the baseline's value counts",
            )  # fmt: skip
        if participants.mentor:
            mentors, _ = self._category("mentor")
            columns[participants.mentor] = [
                None if one is None else pseudonym(f"mentor {one}", key, prefix="m") for one in mentors
            ]
        for role, covariates in (("covariate", participants.covariates), ("dose", participants.dose)):
            for name, covariate in covariates.items():
                columns[name] = self._fact(f"{role}:{name}", covariate)
        extra = [name for name in columns if name not in PEOPLE.names]
        return check_table(pd.DataFrame(columns), PEOPLE, extra=extra)

    def _category(self, role, *, last=False):
        found, contradicting, merged = assign_category(
            collect(role, self._tables), n_people=len(self._names), last=last
        )
        if merged:
            name = role.partition(":")[2] or self._participants.mentor
            self.notes.append(f"{name}: categories that are spelt in several ways and were taken as one each: {merged}")
        return found[self._enrolled], contradicting

    def _fact(self, role, covariate):
        last = role.startswith("dose:")
        if covariate.kind == "category":
            return self._category(role, last=last)[0]
        return assign_number(
            collect(role, self._tables), covariate=covariate, last=last, n_people=len(self._names),
            problems=self._problems, ledger=self._ledger, names=self._names,
        )[self._enrolled]  # fmt: skip
