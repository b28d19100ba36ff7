"""Another account on which somebody is paid, as the administration says it."""

from datetime import date
from itertools import count

import schwifty

from escale.domain.registry.models import BankAccount, InsuredPerson

_ranks = count(1)


def pay_on(person: InsuredPerson, iban: str, *, since: date | None = None) -> None:
    """Have the administration say another account of somebody: in the place of the one known, unless it is since."""
    if since:
        BankAccount.objects.create(insured=person, iban=iban, holder="Alix Exemple", valid_from=since)
        return
    known = person.bank_accounts.get()
    known.iban = iban
    known.save()


def own_iban() -> str:
    """An IBAN that nobody else has: people share one unless they are given theirs."""
    return str(
        schwifty.IBAN.generate("FR", bank_code="30006", branch_code="00001", account_code=f"{next(_ranks):011d}")
    )
