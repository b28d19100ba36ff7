"""The editions of tariffs and figures, and what each holds."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.tariffs.lifecycle import EDITION, Status
from escale.rules.intake import Care


class Kind(models.TextChoices):
    """What an edition holds."""

    FIGURES = "figures", _("Chiffres et territoires")
    CCAM = "ccam", _("CCAM, actes techniques")
    NGAP = "ngap", _("NGAP, lettres-clés et consultations")
    BDPM = "bdpm", _("BDPM, médicaments")
    LPP = "lpp", _("LPP, dispositifs médicaux")
    HOSPITAL = "hospital", _("Prix de journée d’hospitalisation")
    TRANSPORT = "transport", _("Forfaits de transport")


class Confidence(models.TextChoices):
    """How sure we are of a figure."""

    LAW = "law", _("loi")
    OFFICIAL = "official", _("officiel")
    SECONDARY = "secondary", _("source secondaire")
    DEFAULT = "default", _("valeur par défaut")


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the supervisors and the house, else nothing."""
        return self if actor.role in {Role.SUPERVISOR, Role.SYSTEM} else self.none()

    def in_force(self) -> Self:
        """Keep those that the house reads, the latest put in force first."""
        return self.filter(status=Status.IN_FORCE).order_by("-number")

    def newest_first(self) -> Self:
        """Sort from the newest to the oldest."""
        return self.order_by("-proposed_at", "-pk")


class Edition(Case):
    """Tariffs or figures that apply from a day, once two people have answered for them; corrected by another only."""

    LIFECYCLE = EDITION

    number = models.PositiveIntegerField(_("numéro"), unique=True, null=True, blank=True)
    kind = models.CharField(_("contenu"), max_length=16, choices=Kind.choices)
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.PROPOSED)
    effective_from = models.DateField(_("date d’effet"))
    source = models.CharField(_("source"), max_length=300)
    files = models.CharField(_("fichiers"), max_length=500)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    read = models.PositiveIntegerField(_("lignes lues"), default=0)
    refused = models.PositiveIntegerField(_("lignes refusées"), default=0)
    refusals = models.JSONField(_("premières lignes refusées"), default=list, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposée par")
    )
    proposed_at = models.DateTimeField(_("proposée le"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("décidée par")
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    rejection = models.CharField(_("motif du refus"), max_length=300, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("édition de tarifs")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(status=Status.IN_FORCE)
                | Q(number__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
                name="edition_in_force_has_two_people",
            ),
            models.CheckConstraint(condition=Q(refused__lte=F("read")), name="edition_refused_are_among_read"),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account proposed it, and so may not put it in force."""
        return account.pk == self.proposed_by_id

    @property
    def kept(self) -> int:
        """How many lines the edition holds."""
        return self.read - self.refused

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.effective_from:%d/%m/%Y})"


class TariffLine(models.Model):
    """The tariff of an act or a product in one edition; without a price, a person has to decide."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="lines", verbose_name=_("édition"))
    code = models.CharField(_("code"), max_length=24)
    activity = models.CharField(_("activité"), max_length=1, blank=True)
    phase = models.CharField(_("phase"), max_length=1, blank=True)
    label = models.CharField(_("libellé"), max_length=1000)
    folded = models.CharField(_("libellé sans accent"), max_length=1000)
    words = models.GeneratedField(
        expression=SearchVector("folded", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("mots du libellé"),
    )
    care = models.CharField(_("nature des soins"), max_length=24, choices=[(care.value, care.label) for care in Care])
    price = models.DecimalField(_("tarif"), max_digits=12, decimal_places=2, null=True, blank=True)
    drugs = models.CharField(_("taux des médicaments"), max_length=8, blank=True)
    valid_from = models.DateField(_("du"))
    valid_until = models.DateField(_("au"), null=True, blank=True)
    note = models.CharField(_("mention"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("ligne de tarif")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["edition", "code", "valid_from"], name="tariff_line_is_said_once"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="tariff_line_price_is_positive"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["words"], name="tariff_line_words", fastupdate=False),  # searched as soon as imported
            models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="tariff_line_code_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class AmendedRow(models.Model):
    """A dated row that an edition lays over a table of the law: a figure, a letter, a territory."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="rows", verbose_name=_("édition"))
    table = models.CharField(_("table"), max_length=40)
    key = models.CharField(_("clé"), max_length=80)
    row = models.JSONField(_("valeurs"))
    valid_from = models.DateField(_("du"))
    valid_until = models.DateField(_("au"), null=True, blank=True)

    class Meta:
        verbose_name = _("ligne de la loi")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["edition", "table", "key", "valid_from"], name="amended_row_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"

    @property
    def dated(self) -> dict[str, Any]:
        """The row as the tables of the law write it."""
        ends: dict[str, date] = {"from": self.valid_from}
        if self.valid_until:
            ends["until"] = self.valid_until
        return {**self.row, **ends}
