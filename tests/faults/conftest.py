"""The helpers of the unit tests serve here too, and the browser."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("unit", "browser")]
