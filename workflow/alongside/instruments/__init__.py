"""The codebooks: how each scale is scored, where that is known from, and worked examples that prove it.

`load_instrument("gad7")` gives a typed `Instrument`; a study's own codebooks lie in its folder `instruments/`.
"""

from alongside.instruments.codebook import Instrument
from alongside.instruments.library import instrument_path, list_instruments, load_instrument, read_instrument

__all__ = ["Instrument", "instrument_path", "list_instruments", "load_instrument", "read_instrument"]
