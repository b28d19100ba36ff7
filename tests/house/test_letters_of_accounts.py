"""The letters about somebody's own account say what to do, and nothing of whoever reads them."""

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.notices.models import Notice
from escale.domain.registry import actions as registry
from tests import factories
from tests.conftest import Work
from tests.house import lives_of_accounts
from tests.house.test_letters import FUND, HEALTH

OF_ACCOUNTS = {
    "address_asked", "address_taken", "address_to_confirm", "address_changed", "data_exported", "account_closed",
    "bank_account_changed", "bank_account_checked", "bank_account_denied",
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen", "scanning")
def test_each_has_a_title_and_names_nobody(work: Work):
    claim = factories.received()
    account, other = claim.insured.account, factories.account()
    for address in (other.email, "nouvelle@exemple.invalid"):
        accounts.addresses.ask(account=account, address=address)
        work()
    message = Notice.objects.get(kind="address_to_confirm")
    accounts.addresses.confirm(account=account, address=message.address, about=message.about)
    declared = lives_of_accounts.declared(claim.insured)
    lives_of_accounts.accept(declared)
    work()
    registry.deny(account=declared, by=SYSTEM)
    work()
    accounts.take_copy(account=account, form="pdf")
    work()
    addresses = [*Account.objects.exclude(email=None).values_list("email", flat=True)]
    accounts.close(account=account)
    work()
    letters = Notice.objects.filter(kind__in=OF_ACCOUNTS)
    assert set(letters.values_list("kind", flat=True)) == OF_ACCOUNTS
    for letter in letters:
        said = f"{letter.title}\n{letter.body}"
        assert 0 < len(letter.title) <= 80
        assert letter.body.startswith("Bonjour,\n\n"), letter.kind
        assert "{" not in said
        assert "None" not in said
        assert HEALTH.findall(FUND.sub("", said)) == [], letter.kind
        for word in (*addresses, claim.number, claim.insured.nir, lives_of_accounts.ANOTHER_IBAN, "Alix", "Exemple"):
            assert word not in said, (letter.kind, word)
