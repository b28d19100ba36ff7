"""The files received, and the page images made from them."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.documents.lifecycle import LIFECYCLE, Status
from escale.domain.registry.models import InsuredPerson


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own for the insured, all for the house; others see papers through a case, never by themselves."""
        match actor.role:
            case Role.INSURED:
                return self.filter(insured__account=actor.account)
            case Role.SYSTEM:
                return self
        return self.none()

    def waiting_for_scan(self) -> Self:
        """Keep those that nobody has declared clean or not."""
        return self.filter(status=Status.QUARANTINED)


class Document(Case):
    """A file as it was received: its bytes lie in the vault, untouched, under their SHA-256."""

    LIFECYCLE = LIFECYCLE

    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="documents", verbose_name=_("assuré"))
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.QUARANTINED)
    name = models.CharField(_("nom du fichier"), max_length=120)
    media_type = models.CharField(_("type"), max_length=32)
    size = models.PositiveIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    key = models.CharField(_("clé dans le coffre"), max_length=64, unique=True)
    finding = models.CharField(_("constat de l’antivirus"), max_length=200, blank=True)
    signatures = models.CharField(_("version des signatures"), max_length=100, blank=True)
    removed = models.JSONField(_("contenu actif retiré"), default=list)
    received_at = models.DateTimeField(_("reçue le"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce justificative")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["received_at"],
                name="document_waiting_for_scan",
                condition=models.Q(status=Status.QUARANTINED),
            ),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.insured.account_id == account.pk

    def __str__(self) -> str:
        return self.name


class Page(models.Model):
    """The image of one page, made from a clean file: the only thing that agents look at."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages", verbose_name=_("pièce"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    key = models.CharField(_("clé dans le coffre"), max_length=64, unique=True)
    width = models.PositiveSmallIntegerField(_("largeur"))
    height = models.PositiveSmallIntegerField(_("hauteur"))

    class Meta:
        verbose_name = _("image de page")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "number"], name="page_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"
