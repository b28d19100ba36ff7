"""What the papers say, in nine languages (words.yaml, stay_words.yaml)."""

from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_MORE = yaml.safe_load((_HERE / "stay_words.yaml").read_text())

LANGUAGES: dict[str, dict[str, Any]] = {
    language: said | _MORE[language] for language, said in yaml.safe_load((_HERE / "words.yaml").read_text()).items()
}
WITHOUT_DECIMALS = {"XOF", "XPF", "JPY", "COP"}
THREE_DECIMALS = {"TND", "JOD"}
