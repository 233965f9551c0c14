"""What a fitted model says about single rows: predictions and residuals.

In: a fitted `Model` (this is a part of it), rows of its own data or of a new frame. Out: a data frame, a series.
Fails with RequestError where the model was fitted from sums, or a row has a level that it has not seen.
"""

import numpy as np
import pandas as pd

from alongside.mixed.failures import RequestError, refuse


class RowAnswers:
    """The part of a model that looks at rows."""

    def _need_rows(self, what):
        if self.rows is None:
            refuse(
                RequestError, what, "this model was fitted from sums, without rows", remedy="fit from the data frame"
            )
        return self.rows.frame

    def predict(self, frame=None, *, df=None, information="observed", level=0.95):
        """Means of the fixed effects for the rows of `frame` (default: the data): estimate, se, df, t, p, limits."""
        recipe = self.summaries.recipe
        frame = self._need_rows("predict without a frame") if frame is None else frame
        absent = [name for name in recipe.variables if name not in frame and name not in recipe.responses]
        if absent:
            refuse(RequestError, "predict", f"no column named {', '.join(map(repr, absent))}")
        grid = pd.DataFrame(index=range(len(frame)))
        for name, levels in recipe.variables.items():
            if name in recipe.responses:
                continue
            values = frame[name].to_numpy()
            if levels is not None and not set(pd.unique(values)) <= set(levels):
                refuse(
                    RequestError,
                    f"column {name!r}",
                    "has a level that the model has not seen",
                    allowed=", ".join(map(str, levels)),
                )
            grid[name] = values if levels is None else pd.Categorical(values, categories=levels)
        if recipe.wave not in grid:
            grid[recipe.wave] = frame[recipe.wave].to_numpy()
        return self._rows_table(recipe.columns(grid), df, information, level)

    def residuals(self, kind="raw"):
        """raw: y - X beta; standardised: divided by the model's standard deviation at the wave (clusters included)."""
        frame = self._need_rows("residuals")
        recipe = self.summaries.recipe
        raw = recipe.response(frame)[:, 0] - recipe.columns(frame) @ self.beta
        if kind == "standardised":
            raw = raw / np.sqrt(self._row_variances(frame))
        elif kind != "raw":
            refuse(RequestError, "residuals", f"{kind!r}", allowed="raw, standardised")
        return pd.Series(raw, index=frame.index, name="residual")

    def _row_variances(self, frame):
        recipe = self.summaries.recipe
        waves = pd.Categorical(frame[recipe.wave], categories=recipe.wave_levels).codes
        groups = np.zeros(len(frame), int)
        if recipe.group is not None:
            groups = pd.Categorical(frame[recipe.group], categories=recipe.group_levels).codes
        if self._own_times:
            time, theta = frame[recipe.time].to_numpy(float), self.optimum.evaluation.theta
            variance = theta[0] + theta[1] + 2 * time * theta[2] + time**2 * theta[3]
        else:
            variance = self.optimum.evaluation.sigma[groups, waves, waves]
        for term, value in zip(self.terms, self.optimum.evaluation.theta[self.criterion.inner :], strict=True):
            member = frame[term.label].notna().to_numpy()
            variance = variance + value * member * np.array(term.waves, float)[waves]
        return variance
