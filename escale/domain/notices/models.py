"""What the Fund writes to people."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account
from escale.domain.case import Case
from escale.domain.notices.lifecycle import LIFECYCLE, Status


class Notice(Case):
    """A message to one person, kept as it was written, with the proof that it left."""

    LIFECYCLE = LIFECYCLE

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("destinataire")
    )
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    kind = models.CharField(_("modèle"), max_length=40)
    about = models.CharField(_("objet concerné"), max_length=64)
    address = models.EmailField(_("adresse"), max_length=254)
    title = models.CharField(_("objet du message"), max_length=150)
    body = models.TextField(_("texte"))
    written_at = models.DateTimeField(_("écrit le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "kind", "about"], name="notice_is_written_once"),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.account_id == account.pk

    def __str__(self) -> str:
        return self.title
