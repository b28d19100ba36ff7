"""What is told to somebody of what is sent to their complementary insurer."""

from django.utils.translation import gettext_lazy as _

from escale.domain.claims.portability import Part
from escale.domain.statements.models import SharingConsent, Transmission

SHARING = (
    Part(
        "sharing_consents",
        _("Consentements de partage avec un organisme complémentaire"),
        SharingConsent,
        "insurer__name contract with_children valid_from valid_until status given_at ended_at",
        lambda account: SharingConsent.objects.filter(insured__account=account),
        parts=(
            Part(
                "transmissions",
                _("Transmissions"),
                Transmission,
                "order__reference rank kind status sha256 prepared_at sent_at",
            ),
        ),
    ),
)
