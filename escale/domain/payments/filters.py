"""What an accountant looks for among the orders to approve."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from escale.rules.imputation import Benefit

_HIGHEST = Decimal(1_000_000_000)
_OLDEST = 3_650


@dataclass(frozen=True, slots=True)
class Filters:
    """A budget, a benefit, amounts in euros, an age in days: all that is given must be true of an order."""

    budget: str = ""
    benefit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    age: int | None = None

    @classmethod
    def read(cls, typed: Mapping[str, Any]) -> "Filters":
        """Read what was typed; what makes no sense is left out."""
        age = str(typed.get("age") or "")
        return cls(
            budget=str(typed.get("budget") or "")[:24],
            benefit=typed["benefit"] if typed.get("benefit") in list(Benefit) else "",
            least=_euros(typed.get("least")),
            most=_euros(typed.get("most")),
            age=min(int(age), _OLDEST) if age.isdecimal() and len(age) < 6 else None,
        )

    def kept(self) -> dict[str, str]:
        """Return what is looked for, as it is typed."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}

    def __bool__(self) -> bool:
        return bool(self.kept())


def _euros(typed: Any) -> Decimal | None:
    try:
        amount = Decimal(str(typed or "").replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount < _HIGHEST else None
