"""How each status of a bank account is reached, and the one of somebody's own."""

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.registry import actions as registry
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson
from tests import factories

ANOTHER_IBAN = "FR1420041010050500013M02606"
AMERICAN_NUMBER = "0012345678905"


def declared(person: InsuredPerson | None = None, *, holder: str = "Sacha Ailleurs") -> BankAccount:
    """An account that somebody says is theirs; of a holder whom nobody knows, it waits to be checked."""
    person = person or factories.insured()
    return registry.declare(
        insured=person, iban=ANOTHER_IBAN, holder=holder, by=Actor(Role.INSURED, person.account)
    )  # fmt: skip


def accept(account: BankAccount, *, by: Actor | None = None) -> None:
    """Have an agent read the number on the paper, and accept it."""
    registry.accept(account=account, read=account.iban, by=by or factories.actor(Role.COUNTER))


def noted(
    person: InsuredPerson | None = None, *, by: Actor | None = None, number: str = AMERICAN_NUMBER
) -> BankAccount:
    """An account in New York that an agent noted from a paper, which another has yet to read."""
    return registry.record(
        insured=person or factories.insured(),
        iban=number,
        holder="Alix Exemple",
        bank_name="Bank of Nowhere",
        bic="NWHRUS33XXX",
        branch="021000000",
        currency="USD",
        by=by or factories.actor(Role.COUNTER),
    )


def _refused() -> BankAccount:
    account = declared()
    registry.refuse(account=account, by=factories.actor(Role.COUNTER))
    return account


def denied(person: InsuredPerson | None = None) -> BankAccount:
    """An account of which its person says that they never gave it."""
    account = declared(person, holder="Alix Exemple")
    registry.deny(account=account, by=Actor(Role.INSURED, account.insured.account))
    return account


REACH_ACCOUNTS = {
    (BankAccount, AccountStatus.TO_CHECK): declared,
    (BankAccount, AccountStatus.KNOWN): lambda: declared(holder="Alix Exemple"),
    (BankAccount, AccountStatus.REFUSED): _refused,
    (BankAccount, AccountStatus.DENIED): denied,
}
