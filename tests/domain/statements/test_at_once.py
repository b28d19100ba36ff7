"""A consent is taken back while its message is being written on a share that hangs: nobody waits, nothing leaves."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from escale.domain.statements import actions
from escale.domain.statements.lifecycle import TransmissionStatus
from escale.gateways import outbox
from tests.domain.statements import sharing


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen", "scanning")
def test_a_consent_may_be_taken_back_while_a_share_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    transmission, write = sharing.prepared(), outbox.make_ready
    consent = sharing.SharingConsent.objects.select_related("insured__account").get()

    def withdraw() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")  # rather than wait for ever
        try:
            actions.withdraw(consent=consent, by=sharing.oneself(consent.insured))
        finally:
            connection.close()

    def hang(*file: object) -> None:
        write(*file)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(withdraw).result()

    monkeypatch.setattr(outbox, "make_ready", hang)
    actions.transmit(transmission=transmission)
    assert transmission.status == TransmissionStatus.WITHHELD
    left = [path for path in Path(settings.INSURERS_FOLDER).rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in left] == [b""]
