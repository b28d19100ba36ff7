"""The budgets that payments are made out of: who bears each, its credits for a year, the account that pays."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.currency import written
from escale.rules.named import Named
from escale.rules.parameters import Row, added, current, laid_over, per_edition


class Funder(Named):
    """Who bears a budget in the end."""

    GENERAL_SCHEME = "general_scheme", "Régime général"
    FUND = "fund", "Caisse"
    STATE = "state", "État"


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget as it stands on a day.

    `ceiling`: its credits for the year, in euros, None where they are an estimate (CSS, art. R. 713-15);
    `debtor_*`: the account that pays, empty where it is the house's.
    """

    code: str
    label: str
    funder: Funder
    ministry: str
    ceiling: Decimal | None
    debtor_name: str
    debtor_iban: str
    debtor_bic: str
    since: date | None
    cited: str


def budget(code: str, *, on: date) -> Budget:
    """Return the budget of this code as it stands on a day; :raises LookupError: if there is none that day."""
    row = current(_rows(code), on=on)
    if row is None:
        raise LookupError(f"no budget {code!r}")
    return read(code, row)


@per_edition(maxsize=64)
def budgets(*, on: date) -> tuple[Budget, ...]:
    """Return the budgets of a day, in the order of their table, then those of editions by code."""
    found = ((code, current(_rows(code), on=on)) for code in codes())
    return tuple(read(code, row) for code, row in found if row)


def reached(budget: Budget, *, year: int, left: Decimal, amount: Decimal) -> str:
    """Say in French why a sum, in euros, is not ordered out of a budget, and what its credits of the year have left."""
    return (
        f"Le budget « {budget.label} » n’a plus assez de crédits pour {year} : il reste "
        f"{written(max(left, Decimal(0)))} et il faudrait {written(amount)}. Rien n’est ordonné, pas même une partie : "
        "demandez une augmentation des crédits, ou attendez le prochain exercice."
    )


def codes() -> tuple[str, ...]:
    """Return every code that there ever was, in the order of the table."""
    return tuple(dict.fromkeys([*_packaged(), *added("budget")]))


def _packaged() -> dict[str, tuple[Row, ...]]:
    return {one["code"]: tuple(one["rows"]) for one in parameters.table("budgets")["budgets"]}


def _rows(code: str) -> tuple[Row, ...]:
    return laid_over("budget", code, _packaged().get(code, ()))


def read(code: str, row: Row) -> Budget:
    """Return the budget of a code as a row of its table says it."""
    ceiling = row.get("ceiling")
    return Budget(
        code=code,
        label=row["label"],
        funder=Funder(row["funder"]),
        ministry=row.get("ministry", ""),
        ceiling=None if ceiling in (None, "") else Decimal(str(ceiling)),
        debtor_name=row.get("debtor_name", ""),
        debtor_iban=row.get("debtor_iban", ""),
        debtor_bic=row.get("debtor_bic", ""),
        since=row.get("from"),
        cited=parameters.cited(row),
    )
