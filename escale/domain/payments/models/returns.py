"""What comes back of the bank: its files, what each tells, and what a person has to reconcile."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.payments.lifecycle import (
    ACCOUNTANTS,
    BANK_FILE,
    DISCREPANCY,
    UNSETTLED,
    BankFileStatus,
    DiscrepancyStatus,
)
from escale.domain.payments.models.batches import Batch
from escale.domain.payments.models.orders import PaymentOrder, PaymentOrderQuerySet
from escale.domain.registry.models import InsuredPerson
from escale.rules import bank_returns
from escale.rules.reconciling import Nature, Verdict
from escale.rules.settling import Contradiction

NATURES = [(nature.value, nature.label) for nature in Nature]
VERDICTS = [(verdict.value, verdict.label) for verdict in Verdict]


class Outcome(models.TextChoices):
    """What was made of one fact that the bank tells."""

    APPLIED = "applied", _("Appliqué")
    KNOWN = "known", _("Déjà connu")
    EARLY = "early", _("En attente de la transmission du lot")
    APART = "apart", _("À rapprocher")


class Fact(models.TextChoices):
    """What the bank tells."""

    FILE_ACCEPTED = "file_accepted", _("Lot accepté")
    FILE_REFUSED = "file_refused", _("Lot refusé")
    ACCEPTED = "accepted", _("Virement accepté")
    REJECTED = "rejected", _("Virement rejeté")
    BOOKED = "booked", _("Virement exécuté")
    RETURNED = "returned", _("Virement retourné")
    RECEIVED = "received", _("Argent reçu")
    BALANCE = "balance", _("Solde du compte")
    UNKNOWN = "unknown", _("Fait que la Caisse ne sait pas lire")


MOVEMENTS = frozenset({Fact.BOOKED, Fact.RETURNED, Fact.RECEIVED, Fact.UNKNOWN})
"""What moves money on the account, once it is booked."""


class BankFileQuerySet(models.QuerySet["BankFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for those who handle the money: only how many facts each holds is seen; else nothing."""
        return self if actor.role in {*ACCOUNTANTS, Role.SYSTEM} else self.none()


class BankFile(Case):
    """A file that the bank laid, kept byte for byte, and how far it was read."""

    LIFECYCLE = BANK_FILE

    name = models.CharField(_("nom"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    key = models.CharField(_("clé dans le coffre"), max_length=32, unique=True)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    status = models.CharField(_("état"), max_length=16, choices=BankFileStatus.choices, default=BankFileStatus.RECEIVED)
    kind = models.CharField(_("nature"), max_length=16, blank=True)
    message_id = models.CharField(_("identifiant du message"), max_length=35, blank=True)
    told = models.PositiveIntegerField(_("faits lus"), default=0)
    repeated = models.PositiveIntegerField(_("faits déjà donnés par un autre fichier"), default=0)
    refusal = models.CharField(_("pourquoi il n’est pas lu"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("reçu le"), auto_now_add=True)

    objects = BankFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier de la banque")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-received_at", "-id"], name="bank_file_latest")]

    def __str__(self) -> str:
        return self.name


class BankEventQuerySet(models.QuerySet["BankEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep, for those who handle the money, what is told of nobody close to them: a sum, a number, its words."""
        if actor.role == Role.SYSTEM:
            return self
        if actor.role not in ACCOUNTANTS:
            return self.none()
        reach = PaymentOrder.objects.within_reach_of(actor)
        found = Q(discrepancy__order=None) | Q(discrepancy__order__in=reach)
        return self.filter(Q(order=None) | Q(order__in=reach), found)


class BankEvent(models.Model):
    """One fact that the bank tells, of one transfer or of a whole batch; a trigger keeps it as it was told."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="events", verbose_name=_("fichier"))
    place = models.PositiveIntegerField(_("rang dans le fichier"))
    fingerprint = models.CharField(_("empreinte"), max_length=64, unique=True)
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, null=True, blank=True, related_name="bank_events", verbose_name=_("ordre")
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="bank_events", verbose_name=_("lot")
    )
    what = models.CharField(_("fait"), max_length=16)
    rank = models.PositiveSmallIntegerField(_("rang parmi ses semblables du fichier"), default=1)
    end_to_end_id = models.CharField(_("référence de bout en bout"), max_length=35, blank=True)
    about = models.CharField(_("message ou lot cité"), max_length=35, blank=True)
    amount = models.DecimalField(_("montant"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("monnaie"), max_length=3, blank=True)
    booked_on = models.DateField(_("comptabilisé le"), null=True, blank=True)
    bank_reference = models.CharField(_("référence de la banque"), max_length=35, blank=True)
    code = models.CharField(_("motif"), max_length=35, blank=True)
    words = models.CharField(_("mots de la banque"), max_length=140, blank=True)
    account = models.CharField(_("compte cité"), max_length=34, blank=True)
    own_account = models.CharField(_("compte de la Caisse"), max_length=34, blank=True, db_default="")
    statement = models.CharField(_("numéro du relevé"), max_length=35, blank=True, db_default="")
    outcome = models.CharField(_("suite"), max_length=8, choices=Outcome.choices)
    heard_at = models.DateTimeField(_("lu le"), auto_now_add=True)

    objects = BankEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("fait donné par la banque")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["file", "place"], name="bank_event_is_read_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], name="bank_event_early", condition=Q(outcome=Outcome.EARLY)),
            models.Index(
                fields=["own_account", "booked_on", "id"], name="bank_balance_by_day", condition=Q(what=Fact.BALANCE)
            ),
            models.Index(fields=["batch"], name="bank_event_of_whole_batch", condition=Q(order=None)),
        ]

    def __str__(self) -> str:
        return f"{self.told} {self.end_to_end_id or self.about}".strip()

    @property
    def moved(self) -> Decimal:
        """What it moved on the account of the Fund, below zero where money left; zero if nobody knows."""
        if self.amount is None or self.booked_on is None or self.what not in MOVEMENTS:
            return Decimal(0)
        return self.amount if self.what in {Fact.RETURNED, Fact.RECEIVED} else -self.amount

    @property
    def told(self) -> str:
        """What it is, as the accountant reads it."""
        return str(_("Argent sorti") if self.is_bare and self.what == Fact.BOOKED else Fact(self.what).label)

    @property
    def is_bare(self) -> bool:
        """Whether it names no transfer and no batch."""
        return not (self.end_to_end_id or self.about)

    @property
    def reason(self) -> bank_returns.Reason:
        """What the code of the bank means, to each."""
        of_file = self.what == Fact.FILE_REFUSED
        return bank_returns.reason(self.code, on=timezone.localdate(self.heard_at), of_file=of_file)

    @property
    def reason_told(self) -> str:
        """What whoever was to be paid may read of it: never the code, nor what the bank says of their life."""
        return self.reason.insured if self.code else ""


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the facts that this actor sees."""
        return self.filter(event__in=BankEvent.objects.visible_to(actor))

    def open(self) -> Self:
        """Keep those that wait for somebody to explain or to confirm, oldest first."""
        return self.filter(status__in=sorted(UNSETTLED)).order_by("opened_at", "pk")


class Discrepancy(Case):
    """What the bank tells and the Fund cannot reconcile by itself: a person says what it was, another confirms it."""

    LIFECYCLE = DISCREPANCY

    event = models.OneToOneField(
        BankEvent, models.PROTECT, related_name="discrepancy", verbose_name=_("fait donné par la banque")
    )
    why = models.CharField(_("écart"), max_length=24)
    status = models.CharField(
        _("état"), max_length=16, choices=DiscrepancyStatus.choices, default=DiscrepancyStatus.OPEN
    )
    opened_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    verdict = models.CharField(_("ce que c’était"), max_length=8, choices=VERDICTS, blank=True)
    nature = models.CharField(_("écriture à passer"), max_length=20, choices=NATURES, blank=True, db_default="")
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, null=True, blank=True, related_name="discrepancies", verbose_name=_("ordre")
    )
    """The order that a person found it to concern, where the bank names none."""
    found_on = models.DateField(_("jour trouvé"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("expliqué par"),
    )
    words = models.CharField(_("explication"), max_length=300, blank=True)
    reconciled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rapproché par"),
    )
    reconciled_at = models.DateTimeField(_("rapproché le"), null=True, blank=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("écart à rapprocher")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(status=DiscrepancyStatus.RECONCILED)
                | Q(reconciled_at__isnull=False, reconciled_by__isnull=False) & ~Q(words=""),
                name="discrepancy_reconciled_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | Q(reconciled_by=None) | ~Q(proposed_by=models.F("reconciled_by")),
                name="discrepancy_is_of_two_people",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["opened_at", "id"], name="discrepancy_open", condition=Q(status__in=sorted(UNSETTLED))
            ),
        ]

    def __str__(self) -> str:
        return self.told

    @property
    def found(self) -> tuple[tuple[str, date | None], ...]:
        """What a file of the bank would have told, had it told what was found, and the day of each."""
        match self.verdict:
            case Verdict.EXECUTED:
                return ((Fact.BOOKED, self.found_on),)
            case Verdict.RETURNED:
                return ((Fact.BOOKED, None), (Fact.RETURNED, self.found_on))
            case Verdict.UNPAID:
                return ((Fact.REJECTED, None),)
        return ()

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account explained it, or whether it concerns a payment to it or to somebody close."""
        close = InsuredPerson.objects.close_to(account)
        return account.pk == self.proposed_by_id or self.concerned.filter(insured__in=close).exists()

    @property
    def explanation(self) -> str:
        """What tells what was said of it, and by whom, from anything else that may be said since."""
        said = (self.verdict, self.nature, self.order_id, self.found_on, self.proposed_by_id, self.words)
        return sha256(" ".join(map(str, said)).encode()).hexdigest()

    @property
    def concerned(self) -> PaymentOrderQuerySet:
        """The order that it concerns, or those of its batch; none, where nobody knows."""
        if one := self.order_id or self.event.order_id:
            return PaymentOrder.objects.filter(pk=one)
        if self.event.batch_id:
            return PaymentOrder.objects.filter(batch=self.event.batch_id)
        return PaymentOrder.objects.none()

    @property
    def piece(self) -> str:
        """What proves in the ledger what is posted of it: it bears the name of its order, else of its batch."""
        about = self.order or self.event.order or self.event.batch
        return f"{about.reference if about else 'BANQUE'}-E{self.pk}"

    @property
    def told(self) -> str:
        """What does not fit, as the accountant reads it."""
        return Contradiction(self.why).label
