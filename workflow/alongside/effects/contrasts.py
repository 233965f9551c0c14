"""Questions about a fitted model as rows of numbers, one number a coefficient.

In: the recipe of the model's columns and a `Design`. Out: one row of the design matrix per cohort and wave, averaged
over the participants (covariates at the sample's averages), and from those rows the difference in change since the
baseline between any two cohorts.
"""

import pandas as pd


def average_rows(columns, design):
    """Design rows averaged over participants: index (cohort, wave), one column a coefficient; no row for an empty cell.

    columns: function from a frame to its design matrix as a DataFrame
    """
    people = design.people
    rows = {}
    for cohort in design.cohorts:
        for wave in design.waves:
            placed = design.place(people, cohort, wave)
            if placed is not None:
                rows[cohort, wave] = columns(placed).mean(axis=0)
    made = pd.DataFrame(rows).T
    made.index.names = ["cohort", "wave"]
    return made


def difference_in_change(rows, *, pair, wave, baseline):
    """How much more pair[0] changed from the baseline to `wave` than pair[1], as a row of coefficients."""
    first, second = pair
    return (rows.loc[(first, wave)] - rows.loc[(first, baseline)]) - (
        rows.loc[(second, wave)] - rows.loc[(second, baseline)]
    )
