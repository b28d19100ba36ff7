"""What is compared of the bills received, and the signs that came of it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.controls.lifecycle import SIGNAL, SignalStatus
from escale.domain.documents.models import Document, Page
from escale.domain.registry.models import InsuredPerson
from escale.rules.doubles import Kind, Weight


class Glance(models.Model):
    """A paper that was looked into once, and what editors left written in it; it goes with its file."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="glance", verbose_name=_("pièce"))
    traces = models.JSONField(_("traces d’un éditeur"), default=list)

    class Meta:
        verbose_name = _("examen d’une pièce")

    def __str__(self) -> str:
        return f"{self.document_id}"


class Likeness(models.Model):
    """What a page of a bill looks like, in 64 bits; it goes with its page, and a blank one has none."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="likeness", verbose_name=_("image de page"))
    document = models.ForeignKey(Document, models.CASCADE, related_name="likenesses", verbose_name=_("pièce"))
    bits = models.BigIntegerField(_("signature de l’image"))
    grain = models.BinaryField(_("carte d’encre de 48 × 48 points"))
    band_1 = models.SmallIntegerField(_("premier quart de la signature"))
    band_2 = models.SmallIntegerField(_("deuxième quart"))
    band_3 = models.SmallIntegerField(_("troisième quart"))
    band_4 = models.SmallIntegerField(_("dernier quart"))

    class Meta:
        verbose_name = _("ressemblance")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=[f"band_{rank}"], include=["bits"], name=f"likeness_by_band_{rank}")
            for rank in (1, 2, 3, 4)
        ]

    def __str__(self) -> str:
        return f"{self.page_id}"


class LineTrace(models.Model):
    """What a line of a claim received leaves to be recognised by: who gave the care, when, for how much."""

    line = models.OneToOneField(ClaimLine, models.CASCADE, related_name="trace", verbose_name=_("ligne de soins"))
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="traces", verbose_name=_("demande"))
    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="+", verbose_name=_("assuré"))
    provider = models.CharField(_("praticien, pour comparer"), max_length=150)
    given_on = models.DateField(_("date des soins"))
    euros = models.DecimalField(_("montant en euros"), max_digits=14, decimal_places=2, null=True)
    compared_up_to = models.BigIntegerField(_("dernier fait comparé"), default=0, db_default=0)

    class Meta:
        verbose_name = _("trace d’une ligne de soins")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["provider", "given_on"], include=["insured"], name="trace_by_provider"),
            models.Index(fields=["insured", "given_on"], name="trace_by_person"),
            models.Index(fields=["given_on"], name="trace_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.given_on}"


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep for agents and supervisors those of the claims that they may see, else nothing."""
        if actor.role == Role.SYSTEM:
            return self
        if actor.role not in {Role.AGENT, Role.SUPERVISOR}:
            return self.none()
        return self.filter(claim__in=Claim.objects.visible_to(actor))

    def saying_if_other_is_seen(self, actor: Actor) -> Self:
        """Say of each whether the other claim may be named to this actor: `names_other`."""
        seen = Claim.objects.visible_to(actor).filter(pk=models.OuterRef("other"))
        return self.annotate(names_other=models.Exists(seen))


class Signal(Case):
    """A sign that a claim was sent twice or is not what it seems, and what came of it; it warns, and never blocks."""

    LIFECYCLE = SIGNAL

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="signals", verbose_name=_("demande"))
    status = models.CharField(_("suite"), max_length=16, choices=SignalStatus.choices, default=SignalStatus.RAISED)
    kind = models.CharField(_("nature"), max_length=16, choices=[(kind.value, kind.label) for kind in Kind])
    weight = models.CharField(_("poids"), max_length=8, choices=[(one.value, one.label) for one in Weight])
    key = models.CharField(_("ce qui est comparé"), max_length=80)
    other = models.ForeignKey(
        Claim, models.CASCADE, null=True, blank=True, related_name="echoes", verbose_name=_("autre demande")
    )
    paper = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pièce")
    )
    other_paper = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("autre pièce")
    )
    facts = models.JSONField(_("faits"), default=dict)
    raised_at = models.DateTimeField(_("vu le"), auto_now_add=True)
    settled_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("regardé par")
    )
    settled_at = models.DateTimeField(_("regardé le"), null=True, blank=True)
    note = models.CharField(_("ce qui a été trouvé"), max_length=300, blank=True)
    names_other = False
    """Said by `saying_if_other_is_seen`."""

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signalement")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["claim", "kind", "key"], name="signal_is_raised_once"),
            models.CheckConstraint(
                condition=Q(status=SignalStatus.RAISED) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="signal_settled_is_signed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "status", "-id"], name="signal_by_kind"),
            models.Index(fields=["status", "-id"], name="signal_by_status"),
            models.Index(fields=["settled_at"], include=["kind", "status"], name="signal_settled"),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.claim.belongs_to(account)

    def __str__(self) -> str:
        return self.get_kind_display()
