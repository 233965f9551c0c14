"""The tests of this folder share `by_hand.py` beside them; pytest's importlib mode does not look there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
