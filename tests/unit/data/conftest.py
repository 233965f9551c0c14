"""The simulation stands beside its data, in a folder that is no package."""

import sys
from pathlib import Path

BRIGHT_PATH = Path(__file__).resolve().parents[3] / "data" / "bright-path"
sys.path.insert(0, str(BRIGHT_PATH))
