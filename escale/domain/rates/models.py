"""The rates of exchange that the Fund keeps."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.rates.lifecycle import RATE, Status
from escale.rules.currency import Origin
from escale.rules.plausibility import Doubt


class RateQuerySet(models.QuerySet["Rate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for those who treat claims and the house, else nothing."""
        return self if actor.role in {Role.AGENT, Role.SUPERVISOR, Role.SYSTEM} else self.none()

    def in_force(self) -> Self:
        """Keep those that may serve."""
        return self.filter(status=Status.IN_FORCE)

    def to_confirm(self) -> Self:
        """Keep those that wait for a second person, oldest first."""
        return self.filter(status=Status.PROPOSED).order_by("proposed_at", "pk")


class Rate(Case):
    """How many units of a currency one euro buys from a day on; never changed: another takes its place."""

    LIFECYCLE = RATE

    currency = models.CharField(_("devise"), max_length=3)
    units_per_eur = models.DecimalField(_("unités pour un euro"), max_digits=20, decimal_places=8)
    on = models.DateField(_("date du cours"))
    origin = models.CharField(
        _("provenance"), max_length=8, choices=[(one.value, one.label) for one in Origin if one in
                                                {Origin.ECB, Origin.MONTHLY, Origin.ENTERED}]
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=100)
    proof = models.CharField(_("justification"), max_length=500, blank=True)
    doubt = models.CharField(_("doute"), max_length=8, blank=True, choices=[(one.value, one.label) for one in Doubt])
    known = models.DecimalField(_("dernier cours connu"), max_digits=20, decimal_places=8, null=True, blank=True)
    known_on = models.DateField(_("date du dernier cours connu"), null=True, blank=True)
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposé par")
    )
    proposed_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        verbose_name = _("cours de change")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(units_per_eur__gt=0), name="rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_FORCE)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))
                | Q(decided_by=None, doubt="") & ~Q(origin=Origin.ENTERED),
                name="rate_entered_or_in_doubt_has_two_people",
            ),
            models.UniqueConstraint(
                fields=["currency", "on", "origin"],
                condition=Q(status=Status.IN_FORCE),
                name="rate_in_force_is_one_a_day",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["proposed_at", "id"], name="rate_to_confirm", condition=Q(status=Status.PROPOSED)),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account proposed it, and so may not confirm it."""
        return account.pk == self.proposed_by_id

    def __str__(self) -> str:
        return f"{self.currency} {self.on:%d/%m/%Y}"
