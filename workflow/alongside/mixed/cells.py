"""Tables about the cells of a design: marginal means, pairwise differences, differences in change.

In: a fitted `Model` (this is a part of it). Out: data frames, and the design rows that contrasts are made of.
Fails with RequestError for a factor or level that the model does not have.
"""

import numpy as np
import pandas as pd
from scipy import stats

from alongside.mixed import means
from alongside.mixed.failures import RequestError, refuse


class Cells:
    """What a model says about cells; `Estimates` supplies the numbers of a row."""

    def row(self, *, at=None, over="means", **cell):
        """The design row (k,) of a cell: row(cohort="mentored", wave="post"). Arithmetic on rows makes contrasts."""
        return self._cells([cell], at, over)[0]

    def _cells(self, cells, at, over):
        if over not in ("means", "sample"):
            refuse(RequestError, "over", f"{over!r}", allowed="means, sample")
        sample = None
        if over == "sample":
            frame = self._need_rows("averages over the sample")
            sample = frame.drop_duplicates(self.summaries.recipe.participant)
        return means.cell_rows(self.summaries.recipe, self.summaries.sums, cells, at=at, sample=sample)

    def marginal_means(self, factor, *, by=None, at=None, over="means", df=None, information="observed", level=0.95):
        """Adjusted means of the levels of `factor` within the levels of `by`.

        over="means": numbers at their mean over rows, other factors with equal weights; over="sample": averaged over
        the participants' own covariates. Columns: by, factor, estimate, se, df, t, p, ci_low, ci_high.
        """
        names = ([by] if isinstance(by, str) else list(by or [])) + [factor]
        cells = means.cross_levels(self.summaries.recipe, names, at or {})
        table = self._rows_table(self._cells(cells, at, over), df, information, level)
        return pd.concat([pd.DataFrame(cells), table], axis=1)

    def pairwise(
        self, factor, *, by=None, adjust="tukey", at=None, over="means", df=None, information="observed", level=0.95
    ):
        """Differences between levels of `factor` (later minus earlier) within `by`; adjust: tukey, bonferroni, none."""
        names = [by] if isinstance(by, str) else list(by or [])
        recipe = self.summaries.recipe
        levels = means.level_values(recipe, factor, at or {})
        tables = []
        for outer in means.cross_levels(recipe, names, at or {}):
            matrix = self._cells([{**outer, factor: value} for value in levels], at, over)
            pairs = [(j, i) for j in range(len(levels)) for i in range(j)]
            table = self._rows_table(np.array([matrix[j] - matrix[i] for j, i in pairs]), df, information, level)
            if adjust == "tukey":
                p, critical = means.tukey(table["t"].to_numpy(), table["df"].to_numpy(), len(levels), level)
                table = table.assign(
                    p=p,
                    ci_low=table["estimate"] - critical * table["se"],
                    ci_high=table["estimate"] + critical * table["se"],
                )
            elif adjust == "bonferroni":
                critical = stats.t.ppf(1 - (1 - level) / (2 * len(pairs)), table["df"].where(table["t"].notna()))
                table = table.assign(
                    p=np.minimum(1.0, table["p"] * len(pairs)),
                    ci_low=table["estimate"] - critical * table["se"],
                    ci_high=table["estimate"] + critical * table["se"],
                )
            elif adjust != "none":
                refuse(RequestError, "adjust", f"{adjust!r}", allowed="tukey, bonferroni, none")
            labels = pd.DataFrame([outer | {"contrast": f"{levels[j]} - {levels[i]}"} for j, i in pairs])
            tables.append(pd.concat([labels, table], axis=1))
        return pd.concat(tables, ignore_index=True)

    def difference_in_change(self, factor, level, reference, *, wave, baseline=None):
        """The row (k,) of: how much more `level` changed from `baseline` to `wave` than `reference` did."""
        recipe = self.summaries.recipe
        baseline = recipe.wave_levels[0] if baseline is None else baseline
        cells = [{factor: f, recipe.wave: w} for f in (level, reference) for w in (wave, baseline)]
        matrix = self._cells(cells, None, "means")
        return (matrix[0] - matrix[1]) - (matrix[2] - matrix[3])
