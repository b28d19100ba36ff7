"""Who may act in whose name, for which acts, between which days."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor, Authority
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.mandates import acts
from escale.domain.mandates.acts import Act
from escale.domain.mandates.lifecycle import LIFECYCLE, Status
from escale.domain.registry.models import InsuredPerson

LIVING = (Status.OFFERED, Status.ACCEPTED)


class Tie(models.TextChoices):
    """Who the delegate is to the one who trusts them."""

    SPOUSE = "spouse", _("Conjoint ou partenaire")
    PARENT = "parent", _("Père ou mère")
    RELATIVE = "relative", _("Autre proche")
    SOCIAL_WORKER = "social_worker", _("Assistant de service social")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those that one gave, received, or is offered; none for whoever acts in another's name, nor the Fund."""
        if actor.role == Role.SYSTEM:
            return self
        if actor.role != Role.INSURED or actor.authority or actor.account is None:
            return self.none()
        return self.filter(pk__in=(self.given_by(actor) | self.received_by(actor)).values("pk"))

    def given_by(self, actor: Actor) -> Self:
        """Keep those by which this person lets others act in their name."""
        return self.filter(principal__account=actor.account)

    def received_by(self, actor: Actor) -> Self:
        """Keep those by which this person acts in others' names, and those that are offered to their address."""
        address = actor.account.email if actor.account else None
        return self.filter(Q(delegate=actor.account) | Q(status=Status.OFFERED, address=address or ""))

    def in_force(self, *, on: date) -> Self:
        """Keep those that were accepted and hold on this day (the end is excluded)."""
        return self.filter(status=Status.ACCEPTED, valid_from__lte=on, valid_until__gt=on)

    def with_people(self) -> Self:
        """Bring both people in the same query."""
        return self.select_related("principal__account", "delegate")


class Mandate(Case):
    """The right to do some acts in an insured person's name between two days, which they may take back at any time."""

    LIFECYCLE = LIFECYCLE

    principal = models.ForeignKey(
        InsuredPerson, models.PROTECT, related_name="mandates", verbose_name=_("personne représentée")
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("mandataire"),
        help_text=_("Personne, tant que le mandat n’est pas accepté."),
    )
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    name = models.CharField(_("nom du mandataire"), max_length=100)
    address = models.EmailField(_("adresse invitée"), max_length=254)
    tie = models.CharField(_("lien"), max_length=16, choices=Tie.choices)
    acts = ArrayField(models.CharField(max_length=16, choices=Act.choices), verbose_name=_("actes permis"))
    valid_from = models.DateField(_("depuis le"))
    valid_until = models.DateField(_("jusqu’au (exclu)"))
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.OFFERED)
    offered_at = models.DateTimeField(_("proposé le"), auto_now_add=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="mandate_period_is_ordered"),
            models.CheckConstraint(condition=Q(acts__contains=[Act.FOLLOW.value]), name="mandate_lets_follow"),
            models.CheckConstraint(
                condition=~Q(status=Status.ACCEPTED) | Q(delegate__isnull=False), name="mandate_accepted_has_a_delegate"
            ),
            models.UniqueConstraint(
                fields=["principal", "address", "valid_from"],
                condition=Q(status__in=LIVING),
                name="mandate_is_given_once_from_a_day",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address"], name="mandate_by_address", condition=Q(status=Status.OFFERED)),
            models.Index(fields=["valid_until"], name="mandate_living_by_end", condition=Q(status__in=LIVING)),
        ]

    @property
    def authority(self) -> Authority:
        """With what its holder acts, on a day when it is in force."""
        principal: Account | None = self.principal.account
        assert principal
        return Authority(self.pk, principal, acts.steps(self.acts))

    @property
    def last_day(self) -> date:
        """The last day on which it serves: we keep the day after it."""
        return self.valid_until - timedelta(days=1)

    @property
    def is_living(self) -> bool:
        """Whether it may still serve, now or later."""
        return self.status in LIVING

    def named_acts(self) -> list[Any]:
        """Return the acts in the words of the service."""
        return [Act(act).label for act in Act.values if act in self.acts]

    def __str__(self) -> str:
        return f"{self.name}, au nom de {self.principal}"
