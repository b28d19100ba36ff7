"""What follows from a consent to tell one’s insurer: people are told, payments leave, it ends with the account."""

from datetime import date

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.notices.models import Notice
from escale.domain.statements import actions
from escale.domain.statements.lifecycle import ConsentStatus, TransmissionStatus
from escale.domain.statements.models import SharingConsent, Transmission
from tests import factories
from tests.conftest import Work
from tests.domain.statements import sharing


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen", "scanning")
def test_its_owner_is_told_payments_leave_by_it_and_it_ends_with_the_account(work: Work) -> None:
    consent = sharing.given(factories.insured())
    sharing.executed(consent.insured)
    work()
    assert Transmission.objects.get().status == TransmissionStatus.SENT
    assert len(sharing.laid()) == 1
    [notice] = Notice.objects.filter(kind="sharing_changed")
    assert notice.title == "Vos décomptes seront transmis à votre mutuelle"
    actions.withdraw(consent=consent, by=sharing.oneself(consent.insured))
    work()
    assert Notice.objects.filter(title="Vos décomptes ne sont plus transmis à votre mutuelle").count() == 1

    short = sharing.given(consent.insured)
    SharingConsent.objects.filter(pk=short.pk).update(valid_from=date(2026, 9, 1), valid_until=sharing.FIRST)
    actions.end_some()
    work()
    assert Notice.objects.filter(title="La transmission de vos décomptes à votre mutuelle a pris fin").count() == 1

    again = sharing.given(consent.insured)
    accounts.close(account=consent.insured.account)
    work()
    again.refresh_from_db()
    assert again.status == ConsentStatus.WITHDRAWN
