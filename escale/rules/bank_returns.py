"""Why banks refuse or return a transfer: what each reason means to the accountant and to who was to be paid."""

from dataclasses import dataclass
from datetime import date

from escale.rules import parameters
from escale.rules.named import Named
from escale.rules.parameters import Row, added, current, laid_over, per_edition


class Act(Named):
    """What is to be done of an order that the bank did not pay, or that came back."""

    OTHER_ACCOUNT = "other_account", "Un autre compte est demandé à l’assuré"
    ASK_BANK = "ask_bank", "À voir avec la banque de la Caisse"
    REISSUE = "reissue", "À émettre de nouveau, sur le même compte"
    PERSON = "person", "À décider par une personne"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a bank: what the accountant reads, what the insured person reads, what is to be done."""

    code: str
    accountant: str
    insured: str
    act: Act
    duplicate: bool = False
    """Whether the bank says that it has this transfer, or its file, already: the first may be on its way."""


@per_edition(maxsize=512)
def reason(code: str, *, on: date, of_file: bool = False) -> Reason:
    """
    Return what a code means on a day (ISO 20022, external code sets), told of one transfer or of a whole file.

    A code that is not known goes to a person; of a file, it is seen with the bank.
    """
    table = parameters.table("bank_returns")
    otherwise = table["otherwise_of_file" if of_file else "otherwise"]
    row = current(laid_over("bank_reason", code, _packaged().get(code, ())), on=on) or otherwise
    act = Act(row["act"])
    return Reason(code, row["accountant"], row.get("insured") or table["acts"][act], act, row.get("duplicate", False))


def codes() -> tuple[str, ...]:
    """Return every code that is known, sorted."""
    return tuple(sorted({*_packaged(), *added("bank_reason")}))


def _packaged() -> dict[str, tuple[Row, ...]]:
    return {row["code"]: (row,) for row in parameters.table("bank_returns")["reasons"]}
