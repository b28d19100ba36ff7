"""What the Fund writes to people, by e-mail and on paper."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.notices.lifecycle import LETTER, LETTER_BATCH, LIFECYCLE, LetterBatchStatus, PaperStatus, Status
from escale.domain.registry.models import InsuredPerson, Reading

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
                condition=Q(account__isnull=True),
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


class LetterBatchQuerySet(models.QuerySet["LetterBatch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for those who print and post, else nothing."""
        return self if actor.role in {Role.COUNTER, Role.SUPERVISOR, Role.SYSTEM} else self.none()

    def saying_if_near(self, actor: Actor) -> Self:
        """Say of each whether one of its letters is `near` this actor, who then leaves it to another."""
        letters = PaperLetter.objects.near(actor.account).filter(batch=models.OuterRef("pk"))
        return self.annotate(near=models.Exists(letters))


class LetterBatch(Case):
    """Letters that are printed together and given to the post."""

    LIFECYCLE = LETTER_BATCH

    status = models.CharField(
        _("état"), max_length=16, choices=LetterBatchStatus.choices, default=LetterBatchStatus.PREPARED
    )
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    count = models.PositiveIntegerField(_("nombre de courriers"))
    prepared_at = models.DateTimeField(_("préparé le"))
    posted_at = models.DateTimeField(_("posté le"), null=True)
    taken = models.PositiveIntegerField(_("nombre de fois pris"), default=0)
    near: bool | None = None
    """Said by `saying_if_near`."""

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi de courriers")

    def belongs_to(self, account: Account) -> bool:
        return self.letters.near(account).exists() if self.near is None else self.near

    def __str__(self) -> str:
        return self.number


class PaperLetterQuerySet(models.QuerySet["PaperLetter"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep for those who print and post all but what is near them, else nothing."""
        if actor.role not in {Role.COUNTER, Role.SUPERVISOR}:
            return self if actor.role == Role.SYSTEM else self.none()
        return self.exclude(pk__in=self.near(actor.account).values("pk"))

    def near(self, account: Account | None) -> Self:
        """
        Keep what is for this account's owner and theirs, or about a request that they looked at.

        Who saw a request, its address or its code, never holds its letter: one person alone opens no account.
        """
        seen = Reading.objects.filter(by=account).values("subject")
        return self.filter(Q(insured__in=InsuredPerson.objects.close_to(account)) | Q(about__in=seen))

    def to_print(self) -> Self:
        """Keep those that are in no batch yet, oldest first."""
        return self.filter(status=PaperStatus.WRITTEN).order_by("pk")


class PaperLetter(Case):
    """A letter to an insured person where the registry says that they live; sealed until it is posted, then gone."""

    LIFECYCLE = LETTER

    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="letters", verbose_name=_("destinataire"))
    status = models.CharField(_("état"), max_length=16, choices=PaperStatus.choices, default=PaperStatus.WRITTEN)
    kind = models.CharField(_("modèle"), max_length=40)
    about = models.CharField(_("objet concerné"), max_length=64)
    address = models.TextField(_("adresse"))
    name = models.CharField(_("nom sous lequel il est scellé"), max_length=32, unique=True)
    head = models.BinaryField(_("clé scellée"))
    sealed = models.BinaryField(_("texte scellé"))
    batch = models.ForeignKey(LetterBatch, models.PROTECT, null=True, related_name="letters", verbose_name=_("envoi"))
    written_at = models.DateTimeField(_("écrit le"), auto_now_add=True)

    objects = PaperLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("courrier")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(status__in=[PaperStatus.POSTED, PaperStatus.WITHDRAWN]) | Q(sealed=b""),
                name="letter_is_opened_no_more",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], name="letter_to_print", condition=models.Q(status=PaperStatus.WRITTEN)),
            models.Index(fields=["about"], name="letter_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name[:8]}"
