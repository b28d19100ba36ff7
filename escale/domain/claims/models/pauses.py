"""The pauses of the agent's clock: what a claim waited for, since when, and until when."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account
from escale.domain.claims.models.claim import Claim
from escale.rules import deadlines


class PauseReason(models.TextChoices):
    """For what the Fund waits."""

    OPINION = "opinion", _("Avis du service médical")
    PAPERS = "papers", _("Pièce attendue de l’assuré")


class Pause(models.Model):
    """Days on which the agent can do nothing; the date promised to the insured person never moves for it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="pauses", verbose_name=_("demande"))
    reason = models.CharField(_("motif"), max_length=8, choices=PauseReason.choices)
    paused_from = models.DateField(_("depuis le"))
    paused_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("ouverte par"))

    class Meta:
        verbose_name = _("pause du délai de traitement")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim", "reason"], condition=Q(paused_until__isnull=True), name="pause_open_once_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(paused_until__gte=F("paused_from")),
                name="pause_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.paused_from}"

    def as_rule(self) -> deadlines.Pause:
        """Put a pause in the words of the law."""
        return deadlines.Pause(self.paused_from, self.paused_until, self.reason, str(self.author or ""))
