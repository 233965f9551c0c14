"""The codebooks: how each scale is scored, where that is known from, and worked examples that prove it.

`load_instrument("gad7")` gives a typed `Instrument`; a study's own codebooks lie in its folder `instruments/`.
`find_measure(outcome, instruments)` gives what one outcome takes from its scale: items, key, range, departures.
"""

from alongside.instruments.codebook import Instrument
from alongside.instruments.library import instrument_path, list_instruments, load_instrument, read_instrument
from alongside.instruments.measure import Measure, find_measure, take_measure

__all__ = [
    "Instrument",
    "Measure",
    "find_measure",
    "instrument_path",
    "list_instruments",
    "load_instrument",
    "read_instrument",
    "take_measure",
]
