"""The entries of the ledger, the months in which they are dated, and what a closed month comes to."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.ledger.lifecycle import ACCOUNTANTS, MONTH, Status
from escale.domain.registry.models import InsuredPerson
from escale.rules import accounting
from escale.rules.accounting import JournalCode

READERS = ACCOUNTANTS | {Role.SYSTEM}


class OfLedgerQuerySet(models.QuerySet[Any]):
    """Rows of the ledger, whole for those who answer for it: a total that lacks a line would be no total."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the accountants, else nothing."""
        return self if actor.role in READERS else self.none()


class AccountingMonth(Case):
    """A month of the ledger: once closed, no entry is dated in it or before it."""

    LIFECYCLE = MONTH

    first_on = models.DateField(_("premier jour"), primary_key=True)
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("clôture proposée par")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("clos par")
    )
    closed_at = models.DateTimeField(_("clos le"), null=True)

    objects = OfLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("mois comptable")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(first_on__day=1), name="ledger_month_starts_on_the_first"),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED)
                | Q(closed_at__isnull=False, proposed_by__isnull=False, closed_by__isnull=False)
                & ~Q(closed_by=F("proposed_by")),
                name="ledger_month_is_closed_by_two",
            ),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account proposed to close it, and so may not close it."""
        return account.pk == self.proposed_by_id

    def __str__(self) -> str:
        return f"{self.first_on:%m/%Y}"


class AccountingEntryQuerySet(OfLedgerQuerySet):
    def late(self) -> Self:
        """Keep those that are dated after their day, whose month was closed."""
        return self.exclude(true_on=F("on"))

    def saying_amount(self) -> Self:
        """Say of each entry the `amount` that it debits, and credits."""
        lines = EntryLine.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
        return self.annotate(amount=Subquery(lines.annotate(amount=Sum("debit")).values("amount")))


class AccountingEntry(models.Model):
    """What an event of one piece moved; the database numbers it when it is committed, and refuses to change it."""

    journal = models.CharField(
        _("journal"), max_length=8, choices=[(journal.value, journal.label) for journal in JournalCode]
    )
    number = models.PositiveBigIntegerField(_("numéro"), null=True)
    event = models.CharField(_("événement"), max_length=20)
    piece = models.CharField(_("pièce"), max_length=100)
    text = models.CharField(_("libellé"), max_length=200)
    month = models.ForeignKey(
        AccountingMonth, models.PROTECT, related_name="entries", db_index=False, verbose_name=_("mois")
    )
    on = models.DateField(_("date comptable"))
    true_on = models.DateField(_("date du fait"))
    year = models.GeneratedField(
        verbose_name=_("exercice"),
        expression=ExtractYear("on"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name=_("écriture contre-passée")
    )
    posted_at = models.DateTimeField(_("passée le"), auto_now_add=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("passée par")
    )

    amount: Decimal
    """Said by `saying_amount`."""

    objects = AccountingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("écriture comptable")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["journal", "year", "number"], name="entry_numbers_are_single"),
            models.UniqueConstraint(fields=["piece", "event"], condition=Q(reverses=None), name="entry_is_posted_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month", "id"], name="entry_by_month"),
            models.Index(fields=["true_on"], name="entry_late", condition=~Q(true_on=F("on"))),
        ]

    def __str__(self) -> str:
        return f"{self.journal}-{self.year}-{self.number or '…'}"

    @property
    def is_late(self) -> bool:
        """Whether it is dated after the fact, whose month was closed."""
        return self.true_on != self.on


class EntryLineQuerySet(OfLedgerQuerySet):
    def saying_who_is_known_to(self, actor: Actor) -> Self:
        """Say of each line whether its person is `known` to this actor: nobody close, and no protected file."""
        hidden = (InsuredPerson.objects.close_to(actor.account), InsuredPerson.objects.shut_to(actor.account))
        close, shut = (Exists(people.filter(pk=OuterRef("party"))) for people in hidden)
        return self.annotate(known=Q(party__isnull=False) & ~close & ~shut)


class EntryLine(models.Model):
    """Euros on one side of one account, for a budget, and for a person where the account is kept by person."""

    entry = models.ForeignKey(AccountingEntry, models.PROTECT, related_name="lines", verbose_name=_("écriture"))
    month = models.DateField(_("mois"))
    account = models.CharField(_("compte"), max_length=8)
    budget = models.CharField(_("budget"), max_length=24, blank=True)
    party = models.ForeignKey(
        InsuredPerson, models.PROTECT, null=True, related_name="ledger_lines", verbose_name=_("tiers")
    )
    debit = models.DecimalField(_("débit"), max_digits=14, decimal_places=2)
    credit = models.DecimalField(_("crédit"), max_digits=14, decimal_places=2)
    known: bool
    """Said by `saying_who_is_known_to`."""

    objects = EntryLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne d’écriture")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="entry_line_has_one_side"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month", "account", "budget"], include=["debit", "credit"], name="entry_line_summed"),
            models.Index(fields=["account", "month", "id"], name="entry_line_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit - self.credit}"

    @property
    def moved(self) -> Decimal:
        """What it moved on its account, in debit."""
        return self.debit - self.credit

    @property
    def label(self) -> str:
        """The name of its account."""
        return accounting.account(self.account, on=self.month).label

    @property
    def party_number(self) -> str:
        """The number under which the ledger knows a person, and which names nobody."""
        return f"T{self.party_id:08d}" if self.party_id else ""


class MonthlyBalance(models.Model):
    """What a closed month moved on one account for one budget: written at closing, and never changed."""

    month = models.ForeignKey(
        AccountingMonth, models.PROTECT, related_name="balances", db_index=False, verbose_name=_("mois")
    )
    account = models.CharField(_("compte"), max_length=8)
    budget = models.CharField(_("budget"), max_length=24, blank=True)
    debit = models.DecimalField(_("débit"), max_digits=16, decimal_places=2)
    credit = models.DecimalField(_("crédit"), max_digits=16, decimal_places=2)

    objects = OfLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("solde mensuel")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["month", "account", "budget"], name="balance_is_of_an_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month_id} {self.account} {self.debit - self.credit}"
