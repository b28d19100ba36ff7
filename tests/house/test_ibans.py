"""An account number is nowhere in clear: neither in the database, nor in messages, nor in what is logged."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from escale.domain.notices.models import Notice
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson, sealed
from escale.gateways import keyring
from escale.gateways.keyring import Kind
from tests import factories, factors
from tests.conftest import Work
from tests.domain.payments import bank
from tests.domain.registry.conftest import HEADERS, NIR, PERSON
from tests.house.lives_of_accounts import ANOTHER_IBAN, declared
from tests.house.test_wall import dumped
from tests.web.access.reading import link_in, mails
from tests.web.insured.conftest import proved, signed_in

SPACED = "FR14 2004 1010 0505 0001 3M02 606"
DIGESTS = [hashlib.new(name, ANOTHER_IBAN.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
WRITTEN = [written.encode() for written in (ANOTHER_IBAN[4:18], SPACED[5:22], *DIGESTS)]


def left_anywhere(home: Path, logged: pytest.LogCaptureFixture) -> Iterator[bytes]:
    """What is left of an account once it was paid: the database, messages, what is logged."""
    yield from dumped()
    yield from (mail.get_content().encode() for mail in mails(home))
    yield logged.text.encode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("scanning")
def test_an_account_is_given_paid_and_refused_by_the_bank_and_is_left_nowhere_in_clear(
    work: Work, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for kind, line in {"insured": PERSON, "bank_accounts": f"{NIR};{SPACED};Dominique d’Exemple;2020-01-01;"}.items():
        (home / f"{kind}.csv").write_text(f"{HEADERS[kind]}\n{line}\n", encoding="utf-8")
    call_command("import_registry", str(home))
    imported = InsuredPerson.objects.bearing(NIR).get().bank_accounts.get()
    person = factories.insured()
    factors.protect(person.account)
    visitor = proved(signed_in(person), "second_factor_at")
    visitor.post(reverse("insured:change_bank_account"), {"iban": SPACED, "holder": "Alix Exemple", "confirm": "1"})
    work()
    BankAccount.objects.filter(insured=person).update(valid_from="2020-01-02")
    order = bank.owed(person)
    bank.says(bank.rejects(bank.sent(order)))
    work()

    assert (imported.iban, order.iban) == (ANOTHER_IBAN, ANOTHER_IBAN)
    everything = list(left_anywhere(home, caplog))
    assert not [one for one in everything for written in WRITTEN if written in one]
    # the same search finds the digest, and the number where somebody would write it
    assert order.iban_digest.encode() in everything
    PaymentOrder.objects.filter(pk=order.pk).update(rejection=SPACED)
    assert SPACED.encode() in left_anywhere(home, caplog)


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_the_message_stops_the_change_without_signing_in(client: Client, work: Work, home: Path) -> None:
    person = factories.insured()
    Notice.objects.create(
        account=person.account, kind="new_device", about="accounts.device:0", address="avant@exemple.invalid",
        title="Avant", body="Avant",
    )  # fmt: skip
    account = declared(person, holder="Alix Exemple")
    work()
    written = Notice.objects.filter(kind="bank_account_changed").values_list("address", flat=True)
    assert set(written) == {person.account.email, "avant@exemple.invalid"}
    stop = client.get(link_in(home)).headers["Location"]
    assert "2606" in client.get(stop).content.decode()
    account.refresh_from_db()
    assert account.status == AccountStatus.KNOWN  # a link that a program follows stops nothing
    for _twice in range(2):
        assert "est arrêté" in client.post(stop).content.decode()
    account.refresh_from_db()
    assert account.status == AccountStatus.DENIED
    assert "ne sert plus" in Client().post(stop).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "scanning")
def test_an_account_and_what_pays_it_are_sealed_again_when_the_keys_turn(settings, home: Path) -> None:
    order = bank.owed(factories.insured())
    turned = home / "turned"
    turned.write_bytes(Path(settings.VAULT_KEYS).read_bytes())
    keyring.add(turned, "turned", {Kind.ORDINARY: keyring.draw(Kind.ORDINARY)})
    settings.VAULT_KEYS = turned
    for model in (BankAccount, PaymentOrder):
        assert registry.reseal(model.objects.all(), of="iban").resealed == 1
        assert not sealed.under_older_keys(model.objects.all(), of="iban").exists()
    order.refresh_from_db()
    assert order.iban == factories.IBAN
