"""How each status of a consent to share statements, and of what leaves by it, is reached."""

from django.utils import timezone

from escale.domain.case import Case
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements import actions
from escale.domain.statements.lifecycle import ConsentStatus, TransmissionStatus
from escale.domain.statements.models import SharingConsent, Transmission
from tests.domain.statements import sharing

REACH_SHARING = {
    (SharingConsent, ConsentStatus.GIVEN): sharing.given,
    (SharingConsent, ConsentStatus.WITHDRAWN): sharing.withdrawn,
    (SharingConsent, ConsentStatus.ENDED): sharing.ended,
    (Transmission, TransmissionStatus.PREPARED): sharing.prepared,
    (Transmission, TransmissionStatus.SENT): sharing.sent,
    (Transmission, TransmissionStatus.WITHHELD): sharing.withheld,
}


def make_room_in_sharing(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    if isinstance(case, SharingConsent):
        SharingConsent.objects.filter(pk=case.pk).update(ended_at=timezone.now())
    if isinstance(case, Transmission):
        done = {"send": {"sent_at": timezone.now()}, "withhold": {"key": ""}}[step]
        Transmission.objects.filter(pk=case.pk, status=TransmissionStatus.PREPARED).update(**done)


def held_in_sharing(person: InsuredPerson, paid: PaymentOrder) -> dict[str, dict[str, object]]:
    """A consent, what left by it of a payment, and that payment, for the addresses."""
    consent = sharing.given(person)
    paid.refresh_from_db()
    actions.follow_payment(order=paid)
    transmission = consent.transmissions.get()
    actions.transmit(transmission=transmission)
    return {
        "consent": {"pk": consent.pk},
        "transmission": {"pk": transmission.pk},
        "paid": {"reference": paid.reference},
    }
