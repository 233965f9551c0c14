"""Flags of made-up answers to one scale: {flag: flags a row}."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from alongside.instruments import load_instrument
from alongside.intake.answers import ItemGrid
from alongside.intake.careless import flag_responses


def raise_flags(answers, *, scale, waves=None):
    """answers: rows of the scale's items in the codebook's coding, NaN for none"""
    answers = np.array(answers, dtype=float)
    instrument = load_instrument(scale)
    rows = pd.DataFrame({"finished": [True] * len(answers)})
    rows["block"], rows["filled"], rows["place"] = 0, instrument.n_items, range(len(answers))
    rows["wave"] = pd.Categorical(waves if waves is not None else ["before"] * len(answers))
    grid = ItemGrid(answers, [("it", item) for item in range(1, instrument.n_items + 1)], 0, 0)
    block = SimpleNamespace(settings=SimpleNamespace(attention_checks={}), cells=lambda role: None, rows=answers)
    outcome = SimpleNamespace(instrument=scale, order=next(iter(instrument.orders)), subscale=None, scoring=None)
    plan = SimpleNamespace(outcomes={"it": outcome})
    flags = flag_responses(grid, rows, [block], plan=plan, instruments={scale: instrument})
    return {name.partition(":")[0]: up for name, up in flags.items()}
