"""What those who treat a claim write to one another beside it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account
from escale.domain.claims.models.claim import Claim


class Remark(models.Model):
    """A note of whoever treats a claim, for those who will; the insured person may ask for it, as for all the file."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="remarks", verbose_name=_("demande"))
    text = models.TextField(_("annotation"), max_length=1000)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("écrite par"))
    at = models.DateTimeField(_("écrite le"), auto_now_add=True)

    class Meta:
        verbose_name = _("annotation de gestion")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["claim", "id"], name="remark_of_claim")]

    def __str__(self) -> str:
        return f"{self.at:%F}"
