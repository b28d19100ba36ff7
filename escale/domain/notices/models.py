"""What the Fund writes to people."""

from typing import Any, ClassVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account
from escale.domain.case import Case
from escale.domain.notices.lifecycle import LIFECYCLE, Status

SALT = "escale.notice"
TOKEN = "⟨jeton⟩"  # noqa: S105
"""What a template writes in a link where the proof of reading will stand: what is kept proves nothing."""


class Notice(Case):
    """A message to one person, kept as it was written, with the proof that it left."""

    LIFECYCLE = LIFECYCLE

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("destinataire"),
        help_text=_("Personne, tant qu’un compte n’est pas ouvert."),
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
            models.UniqueConstraint(
                fields=["address", "kind", "about"],
                condition=models.Q(account__isnull=True),
                name="notice_to_an_address_is_written_once",
            ),
        ]

    @property
    def token(self) -> str:
        """The proof that this message was read, which stands in its links: drawn when it leaves, never kept."""
        return signing.dumps(self.pk, salt=f"{SALT}.{self.kind}")

    def belongs_to(self, account: Account) -> bool:
        return self.account_id == account.pk

    def __str__(self) -> str:
        return self.title
