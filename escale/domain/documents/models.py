"""The files received, the page images made from them, and the files on their way."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.documents.lifecycle import DOCUMENT, ON_ITS_WAY, UPLOAD, Status, UploadStatus
from escale.domain.registry.models import InsuredPerson

Sent = TypeVar("Sent", bound=models.Model)


class SentQuerySet(models.QuerySet[Sent]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own for the insured, all for the house; others see papers through a case, never by themselves."""
        match actor.role:
            case Role.INSURED:
                return self.filter(insured__account=actor.owner)
            case Role.SYSTEM:
                return self
        return self.none()


class DocumentQuerySet(SentQuerySet["Document"]):
    def waiting_for_scan(self) -> Self:
        """Keep those that nobody has declared clean or not."""
        return self.filter(status=Status.QUARANTINED)


class Document(Case):
    """A file as it was received: its bytes lie in the vault, untouched, under their SHA-256."""

    LIFECYCLE = DOCUMENT

    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="documents", verbose_name=_("assuré"))
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.QUARANTINED)
    name = models.CharField(_("nom du fichier"), max_length=120)
    media_type = models.CharField(_("type"), max_length=32)
    size = models.PositiveIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    key = models.CharField(_("clé dans le coffre"), max_length=64, unique=True)
    unlocked_key = models.CharField(_("clé de la copie sans mot de passe"), max_length=64, blank=True)
    unlocked_sha256 = models.CharField(_("SHA-256 de la copie sans mot de passe"), max_length=64, blank=True)
    finding = models.CharField(_("constat de l’antivirus"), max_length=200, blank=True)
    signatures = models.CharField(_("version des signatures"), max_length=100, blank=True)
    removed = models.JSONField(_("contenu actif retiré"), default=list)
    received_at = models.DateTimeField(_("reçue le"), auto_now_add=True)
    scanned_at = models.DateTimeField(_("contrôlée le"), null=True, blank=True)
    verified_at = models.DateTimeField(_("relue intacte le"), default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce justificative")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["received_at"],
                name="document_waiting_for_scan",
                condition=models.Q(status=Status.QUARANTINED),
            ),
            models.Index(fields=["scanned_at"], name="document_to_rescan", condition=models.Q(status=Status.CLEAN)),
            models.Index(fields=["scanned_at"], name="document_infected", condition=models.Q(status=Status.INFECTED)),
            models.Index(fields=["verified_at"], name="document_to_verify", condition=~models.Q(status=Status.LOST)),
            models.Index(fields=["sha256"], name="document_same_bytes"),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.insured.is_close_to(account)

    def __str__(self) -> str:
        return self.name


class Page(models.Model):
    """The image of one page, made from a clean file: the only thing that agents look at."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages", verbose_name=_("pièce"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    key = models.CharField(_("clé dans le coffre"), max_length=64, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    width = models.PositiveSmallIntegerField(_("largeur"))
    height = models.PositiveSmallIntegerField(_("hauteur"))

    class Meta:
        verbose_name = _("image de page")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "number"], name="page_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class Transcript(models.Model):
    """The words that a machine read on a file, sealed in the vault as its pages are; no key where it could not read it.

    A medical file has none: it is opened by physicians, and by nothing else.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="transcript", verbose_name=_("pièce"))
    key = models.CharField(_("clé dans le coffre"), max_length=64, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    read_at = models.DateTimeField(_("lue le"), auto_now_add=True)

    class Meta:
        verbose_name = _("texte lu sur une pièce")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="transcript_has_its_own_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("read_at", condition=models.Q(key=""), name="transcript_unread_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}"


class Field(models.TextChoices):
    """What a machine looks for on a paper."""

    TOTAL = "total", _("Montant total")
    CURRENCY = "currency", _("Monnaie")
    GIVEN_ON = "given_on", _("Date des soins")
    PAID_ON = "paid_on", _("Date de paiement")
    PROVIDER = "provider", _("Professionnel")
    NUMBER = "number", _("Numéro de facture")


class Finding(models.Model):
    """What a machine proposed for a field of a bill, and what an agent kept: its worth is measured by both.

    Without a value, the paper left a choice among the candidates, or nothing was proposed. The box is in shares of the
    page as it is shown: left, top, right, bottom.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="findings", verbose_name=_("pièce"))
    field = models.CharField(_("champ"), max_length=16, choices=Field.choices)
    value = models.CharField(_("valeur proposée"), max_length=200, blank=True)
    candidates = models.JSONField(_("valeurs possibles"), default=list)
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    box = models.JSONField(_("place sur la page"), default=list)
    confidence = models.FloatField(_("confiance"), default=0)
    kept = models.CharField(_("valeur retenue"), max_length=200, blank=True)
    agreed = models.BooleanField(_("retenue telle que proposée"), default=False)
    judged_at = models.DateTimeField(_("retenue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lecture d’un champ")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "field"], name="finding_is_one_for_a_field"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["judged_at"], name="finding_judged", condition=models.Q(judged_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.field}"


class UploadQuerySet(SentQuerySet["Upload"]):
    def on_their_way(self) -> Self:
        """Keep those of which more is waited for: bytes, or a password."""
        return self.filter(status__in=ON_ITS_WAY)


class Upload(Case):
    """A file on its way, over as many connections as it takes: what has arrived of it is durable, part by part."""

    LIFECYCLE = UPLOAD

    token = models.UUIDField(_("clé de la saisie"), unique=True, default=uuid.uuid4)
    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="uploads", verbose_name=_("assuré"))
    status = models.CharField(_("état"), max_length=16, choices=UploadStatus.choices, default=UploadStatus.ARRIVING)
    name = models.CharField(_("nom du fichier"), max_length=120)
    declared_type = models.CharField(_("type annoncé"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("SHA-256 annoncé"), max_length=64, blank=True)
    received = models.PositiveIntegerField(_("octets reçus"), default=0)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="uploads", verbose_name=_("pièce")
    )
    refusal = models.CharField(_("motif du refus"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("commencé le"), auto_now_add=True)
    moved_at = models.DateTimeField(_("dernier octet reçu le"), default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier en cours d’envoi")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(received__lte=models.F("size")), name="upload_within_its_size"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["moved_at"], name="upload_to_expire")]

    @property
    def expires_at(self) -> datetime:
        """The moment from which what has arrived is no longer kept."""
        return self.moved_at + settings.UPLOADS_KEPT

    def belongs_to(self, account: Account) -> bool:
        return self.insured.is_close_to(account)

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """Some bytes of a file on its way, sealed in the vault."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts", verbose_name=_("fichier en cours d’envoi"))
    offset = models.PositiveIntegerField(_("rang du premier octet"))
    size = models.PositiveIntegerField(_("taille en octets"))
    key = models.CharField(_("clé dans le coffre"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("morceau de fichier")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["upload", "offset"], name="part_is_received_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="part_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.offset}"
