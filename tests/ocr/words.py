"""What the papers say, in nine languages (words.yaml)."""

from pathlib import Path
from typing import Any

import yaml

LANGUAGES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
WITHOUT_DECIMALS = {"XOF", "XPF", "JPY", "COP"}
THREE_DECIMALS = {"TND", "JOD"}
