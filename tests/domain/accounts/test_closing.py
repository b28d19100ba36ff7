"""Who leaves can enter no more; what the law keeps goes on, and waits for them."""

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Device, Identity, Passkey, PendingAddress, Role, Session
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.notices.models import Notice
from tests import factories
from tests.conftest import Work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen", "scanning")]


def test_a_closed_account_keeps_nothing_with_which_its_owner_entered(work: Work):
    person = factories.insured(password="une phrase de passe bien longue")
    account, address = person.account, person.account.email
    account.passkeys.create(credential_id=b"cle", public_key=b"cle", name="Téléphone")
    account.identities.create(provider="franceconnect", subject="alix")
    account.devices.create(token_digest="0" * 64, label="Firefox")
    accounts.addresses.ask(account=account, address="autre@exemple.invalid")
    accounts.close(account=account)
    accounts.close(account=account)
    work()
    account.refresh_from_db()
    person.refresh_from_db()
    kept = (Passkey, Identity, Device, PendingAddress, Session)
    assert [model.__name__ for model in kept if model.objects.exists()] == []
    assert (account.is_active, account.email, account.has_usable_password()) == (False, None, False)
    assert (account.name, person.account) == (f"Compte fermé {account.pk}", None)
    assert Notice.objects.get(kind="account_closed").address == address
    with pytest.raises(accounts.WrongCredentials):
        accounts.sign_in(email=address, password="une phrase de passe bien longue", ip="192.0.2.1", device="")


def test_claims_go_on_and_are_answered_at_the_last_address(work: Work):
    claim = factories.received()
    account = claim.insured.account
    draft = factories.draft(claim.insured)
    work()
    address = account.email
    assert list(queries.going_on(account)) == [claim]
    accounts.close(account=account)
    work()
    assert not Claim.objects.filter(pk=draft.pk).exists()
    assert "Vos demandes en cours continuent" in Notice.objects.get(kind="account_closed").body
    claim = Claim.objects.get(pk=claim.pk)
    factories.approved(claim)
    work()
    assert Notice.objects.get(kind="claim_processed").address == address
    assert Claim.objects.get(pk=claim.pk).status == Status.PROCESSED


def test_nothing_is_still_to_come_once_the_money_has_left():
    refused = factories.refused()
    assert not queries.going_on(refused.insured.account).exists()
    paid = factories.approved()
    assert list(queries.going_on(paid.insured.account)) == [paid]


def test_who_serves_the_fund_keeps_their_account():
    person = factories.insured(Role.AGENT)
    with pytest.raises(accounts.StillServes):
        accounts.close(account=person.account)
    person.account.refresh_from_db()
    assert person.account.is_active
