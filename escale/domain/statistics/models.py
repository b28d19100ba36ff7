"""The figures of the house, the share of each claim in them, and how far they are counted."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.claims.models import Claim


class Measure(models.TextChoices):
    """What is counted; the day of each is when it happened, but for what is open: the day of its sending."""

    RECEIVED = "received", _("demandes reçues")
    OPEN = "open", _("demandes en cours")
    DECIDED = "decided", _("demandes décidées, par fin et par délai")
    ANSWERED = "answered", _("demandes décidées")
    SET_ASIDE = "set_aside", _("demandes devenues inexploitables")
    IN_TIME = "in_time", _("demandes décidées dans le délai annoncé")
    REASON = "reason", _("motifs de refus")
    STEP = "step", _("étapes achevées")
    READING = "reading", _("champs lus par la machine")


class Waiting(models.TextChoices):
    """For whom an open claim waits."""

    AGENT = "agent", _("Gestionnaire")
    OPINION = "opinion", _("Service médical")
    PAPERS = "papers", _("Assuré")


class Outcome(models.TextChoices):
    """To what end a claim came."""

    ACCEPTED = "accepted", _("Acceptée")
    PARTLY = "partly", _("Acceptée en partie")
    REFUSED = "refused", _("Refusée")


class Clock(models.TextChoices):
    """By which clock a claim was in time."""

    GROSS = "gross", _("Brut : le délai de l’assuré")
    NET = "net", _("Net : sans les attentes")


class Step(models.TextChoices):
    """The steps of which the time is kept."""

    TAKEN = "taken", _("De la réception au premier geste")
    PAPERS = "papers", _("De la demande d’une pièce à sa venue")
    OPINION = "opinion", _("De la question à l’avis médical")
    VISA = "visa", _("De l’ordre de payer au visa")
    TRANSFER = "transfer", _("Du visa au départ du virement")


class Reading(models.IntegerChoices):
    """What became of what the machine read; the bucket of these figures."""

    KEPT = 0, _("Retenu tel quel")
    CORRECTED = 1, _("Corrigé")
    SILENT = 2, _("Rien proposé")


SEVERAL = "several"
"""The kind of care of a claim that holds several."""
ALL = ""
"""The territory, or the kind of care, of a figure that is about all of them."""


class Tally(models.Model):
    """
    How many of one sort on one day; each is also counted for all territories, for all kinds of care, and for both.

    `key` tells the sort (an outcome, a reason, a step…); `bucket` is a number of working days for what was decided,
    at most so many hours for a step; `total` adds up euros, or hours.
    """

    measure = models.CharField(_("mesure"), max_length=12, choices=Measure.choices)
    territory = models.CharField(_("pays ou territoire"), max_length=8, blank=True)
    care = models.CharField(_("nature des soins"), max_length=24, blank=True)
    day = models.DateField(_("jour"))
    key = models.CharField(_("sorte"), max_length=16, blank=True)
    bucket = models.PositiveSmallIntegerField(_("tranche"), default=0)
    count = models.PositiveBigIntegerField(_("nombre"))
    total = models.DecimalField(_("somme"), max_digits=18, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("chiffre")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["measure", "territory", "care", "day", "key", "bucket"],
                name="tally_is_one_for_a_sort",
                include=["count", "total"],
            ),
            models.CheckConstraint(condition=Q(count__gt=0, total__gte=0), name="tally_counts_something"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["measure", "day", "territory"],
                name="tally_by_territory",
                condition=Q(care="") & ~Q(territory=""),
                include=["key", "bucket", "count"],
            ),
            models.Index(
                fields=["measure", "day", "care"],
                name="tally_by_care",
                condition=Q(territory="") & ~Q(care=""),
                include=["key", "bucket", "count"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.count}"


class CountedClaim(models.Model):
    """What one claim counts for in the figures, so that it can be taken back when the claim changes."""

    claim = models.OneToOneField(
        Claim, models.CASCADE, primary_key=True, related_name="counted", verbose_name=_("demande")
    )
    territory = models.CharField(_("pays ou territoire"), max_length=8)
    care = models.CharField(_("nature des soins"), max_length=24)
    counted = models.JSONField(_("ce qu’elle compte"), default=list)

    class Meta:
        verbose_name = _("demande comptée")

    def __str__(self) -> str:
        return str(self.claim_id)


class Progress(models.Model):
    """How far the sealed journal is counted: there is one row."""

    block = models.BigIntegerField(_("dernier bloc compté"), default=0)
    at = models.DateTimeField(_("chiffres arrêtés à"), null=True)
    recounting = models.BooleanField(_("recompte en cours"), default=False)

    class Meta:
        verbose_name = _("avancement des chiffres")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(pk=1), name="progress_is_one"),
        ]

    def __str__(self) -> str:
        return str(self.block)


class OpenMonth(models.Model):
    """The figures of a month that is over, as they were published once: small ones are secret in them."""

    month = models.DateField(_("mois"), unique=True)
    rows = models.JSONField(_("lignes"))
    published_at = models.DateTimeField(_("publié le"))

    class Meta:
        verbose_name = _("mois publié")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
