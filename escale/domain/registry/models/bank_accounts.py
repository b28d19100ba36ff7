"""On which accounts the insured are paid."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.registry.lifecycle import BANK_ACCOUNT, AccountStatus
from escale.domain.registry.models.numbers import OnAccount
from escale.domain.registry.models.people import InsuredPerson, PeriodQuerySet, period_ends_after_it_starts
from escale.rules import identity


class Source(models.TextChoices):
    """Who said on which account somebody is paid."""

    REGISTRY = "registry", _("L’administration")
    INSURED = "insured", _("L’assuré")


def reached_by(actor: Actor) -> "models.QuerySet[InsuredPerson]":
    """Return those whose accounts this actor may note and check at the counter: of nobody close, of no file shut."""
    if actor.role != Role.COUNTER:
        return InsuredPerson.objects.none()
    shut = InsuredPerson.objects.shut_to(actor.account)
    return InsuredPerson.objects.visible_to(actor).exclude(pk__in=shut)


class BankAccountQuerySet(PeriodQuerySet):
    def known(self) -> Self:
        """Keep those on which the Fund pays: neither to check, nor refused, nor denied by whom it pays."""
        return self.filter(status=AccountStatus.KNOWN)

    def denied(self) -> Self:
        """Keep those of which somebody said that they never gave them."""
        return self.filter(status=AccountStatus.DENIED)

    def to_check_by(self, actor: Actor) -> Self:
        """Keep those whose paper this actor may look at, of no file that is shut to them, oldest first."""
        waiting = self.filter(status=AccountStatus.TO_CHECK, insured__in=reached_by(actor))
        return waiting.select_related("insured", "recorded_by").order_by("declared_at", "pk")


class BankAccount(Case, OnAccount):
    """Where the Fund pays an insured person."""

    LIFECYCLE = BANK_ACCOUNT

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="bank_accounts", verbose_name=_("assuré"))
    source = models.CharField(_("déclaré par"), max_length=10, choices=Source.choices, default=Source.REGISTRY)
    status = models.CharField(
        _("état"),
        max_length=16,
        choices=AccountStatus.choices,
        default=AccountStatus.KNOWN,
        db_default=AccountStatus.KNOWN,
    )
    declared_at = models.DateTimeField(_("déclaré le"), null=True, blank=True)
    holder = models.CharField(_("titulaire"), max_length=140)
    by_hand = models.BooleanField(_("viré à la main"), default=False, db_default=False)
    """Whether no SEPA transfer reaches it; `iban` is then its number, an IBAN or not."""
    bank_name = models.CharField(_("banque"), max_length=70, blank=True, db_default="")
    bic = models.CharField(_("BIC"), max_length=11, blank=True, db_default="")
    branch = models.CharField(_("code du guichet"), max_length=20, blank=True, db_default="")
    currency = models.CharField(_("monnaie"), max_length=3, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("noté par")
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepté par")
    )
    """Who read its number on the paper: neither they nor whoever noted it approves what is paid there."""
    valid_from = models.DateField(_("valable depuis le"))
    valid_until = models.DateField(_("valable jusqu’au (exclu)"), null=True, blank=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte bancaire")
        constraints: ClassVar[list[Any]] = [
            period_ends_after_it_starts("bank_account_period_is_ordered"),
            models.UniqueConstraint(fields=["insured", "valid_from", "source"], name="bank_account_starts_once_a_day"),
            models.CheckConstraint(
                condition=Q(by_hand=False) | (~Q(bic="") & ~Q(currency="") & Q(recorded_by__isnull=False)),
                name="bank_account_by_hand_is_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["iban_digest"], name="bank_account_of_whom")]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether it pays this person, or somebody close to them."""
        return self.insured.is_close_to(account)

    @property
    def bank(self) -> identity.Bank | None:
        """The bank that holds it: as it was noted, else as the register of banks knows it."""
        return identity.Bank(self.bank_name, self.bic) if self.by_hand else identity.bank(self.legible_iban)

    def __str__(self) -> str:
        return self.masked_iban
