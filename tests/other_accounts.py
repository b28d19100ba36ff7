"""Another account on which somebody is paid, as the administration says it."""

from datetime import date

from escale.domain.registry.models import BankAccount, InsuredPerson


def pay_on(person: InsuredPerson, iban: str, *, since: date | None = None) -> None:
    """Have the administration say another account of somebody: in the place of the one known, unless it is since."""
    if since:
        BankAccount.objects.create(insured=person, iban=iban, holder="Alix Exemple", valid_from=since)
        return
    known = person.bank_accounts.get()
    known.iban = iban
    known.save()
