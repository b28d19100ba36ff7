"""What the Fund wrote of a decision, kept as it was written, and since when it can be read, and was."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.claims.models.decisions import Decision


class DecisionLetter(models.Model):
    """
    The letter of a decision, deposited in the account of the insured person; its words are sealed: they tell of care.

    It holds them twice: whole, and with amounts and days only, for whom must not learn the nature of another's care.
    `appeal_months`: within how many months it says that one may contest; None for one from before this was kept.
    """

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="letter", verbose_name=_("décision"))
    name = models.CharField(_("nom sous lequel il est scellé"), max_length=32, unique=True)
    head = models.BinaryField(_("clé scellée"))
    sealed = models.BinaryField(_("texte scellé"))
    sha256 = models.CharField(_("SHA-256 du texte"), max_length=64)
    appeal_months = models.PositiveSmallIntegerField(_("mois pour contester"), null=True, blank=True)
    deposited_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    first_read_at = models.DateTimeField(_("lu pour la première fois le"), null=True, blank=True)

    class Meta:
        verbose_name = _("courrier de décision")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(first_read_at__isnull=True) | Q(first_read_at__gte=F("deposited_at")),
                name="letter_of_decision_is_read_once_deposited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposited_at:%F}"
