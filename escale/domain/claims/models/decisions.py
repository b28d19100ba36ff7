"""What is decided of a claim: some of its lines, or all that were left; by one agent, or by two; and what it orders."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account
from escale.domain.claims.models.claim import Claim, ClaimLine
from escale.domain.payments.models import PaymentLine, PaymentOrder
from escale.rules.second_look import Why


class DecisionQuerySet(models.QuerySet["Decision"]):
    def taken(self) -> Self:
        """Keep those that the insured person was told of, even if the accountant refused to pay them since."""
        return self.filter(taken_at__isnull=False)

    def proposed(self) -> Self:
        """Keep those that wait for a second look."""
        return self.filter(taken_at__isnull=True, annulled_at__isnull=True)

    def standing(self) -> Self:
        """Keep those that hold."""
        return self.filter(taken_at__isnull=False, annulled_at__isnull=True)

    def with_money(self) -> Self:
        """Bring who decided, what was ordered, its batch and the letter in the same query, oldest first."""
        told = self.select_related("by", "seconded_by", "order__batch", "letter")
        told = told.defer("letter__head", "letter__sealed")
        return told.order_by("pk")


class Decision(models.Model):
    """
    What the Fund answers for lines of a claim: what it pays back of each, or why it does not.

    One that wants a second look is proposed first: its lines are frozen, and nothing is told nor ordered until another
    agent agrees. Annulled, because another agent or the accountant refused it, it leaves its lines to be decided again.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="decisions", verbose_name=_("demande"))
    total = models.DecimalField(_("total remboursé"), max_digits=12, decimal_places=2, default=Decimal(0))
    final = models.BooleanField(_("dernière de la demande"), default=True, db_default=True)
    order = models.OneToOneField(
        PaymentOrder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
        verbose_name=_("ordre de paiement"),
    )
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("prise par"))
    at = models.DateTimeField(_("prise le"), auto_now_add=True)
    second_look = models.CharField(
        _("seconde lecture"), max_length=8, choices=[(why.value, why.label) for why in Why], blank=True
    )
    seconded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("relue par")
    )
    taken_at = models.DateTimeField(_("en vigueur le"), null=True, blank=True)
    annulled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    words = models.CharField(_("ce que le second gestionnaire en dit"), max_length=500, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True)
                | Q(total=0, order__isnull=True)
                | Q(total__gt=0, order__isnull=False),
                name="decision_taken_orders_what_it_pays",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(second_look="") | Q(seconded_by__isnull=False),
                name="decision_waits_for_its_second_look",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=models.F("by")), name="decision_is_of_two_people"
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(taken_at__isnull=True, annulled_at__isnull=True),
                name="decision_proposed_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F}"

    @property
    def waits(self) -> bool:
        """Whether a second agent has yet to agree."""
        return not (self.taken_at or self.annulled_at)

    @property
    def stands(self) -> bool:
        """Whether it holds."""
        return bool(self.taken_at and not self.annulled_at)

    @property
    def approved(self) -> bool:
        """Whether something is paid back."""
        return self.total > 0


class AwardQuerySet(models.QuerySet["Award"]):
    def standing(self) -> Self:
        """Keep those of the decisions that hold: what they order is, or will be, paid."""
        return self.filter(decision__annulled_at=None)


class Award(models.Model):
    """
    What a decision that took effect orders for one line, in euros: what is due, less what those before it ordered.

    It is written once, and stays when the line is taken up again: the awards that stand make the sum that is due.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="awards", verbose_name=_("décision"))
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="awards", verbose_name=_("ligne de soins"))
    amount = models.DecimalField(_("montant ordonné"), max_digits=12, decimal_places=2)
    figures = models.JSONField(_("chiffres de la ligne"), default=dict, db_default={})
    payment_line = models.OneToOneField(
        PaymentLine, models.PROTECT, null=True, blank=True, related_name="award", verbose_name=_("ligne de paiement")
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("part ordonnée")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["decision", "line"], name="award_is_of_a_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="award_takes_nothing_back"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
