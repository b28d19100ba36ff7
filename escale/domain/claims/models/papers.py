"""The papers joined to a claim, and those on their way to it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.lifecycle import WORKED_ON
from escale.domain.claims.models.claim import Bill, Claim
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document, Upload
from escale.domain.payments.models import PaymentOrder

BILL = "bill"
"""The code of the paper that the rules want of each bill: the bill itself."""


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> Self:
        """
        Keep the papers whose content this actor may look at.

        The sender's own, save what is kept from the family; for the agent, the clean ones that are not under medical
        seal, and for the supervisor those of an appeal among them; for the physician, the clean ones that the agent
        chose or that were sent under medical seal; for the accountants, the bills that support an order.
        """
        clean = self.filter(document__status=DocumentStatus.CLEAN)
        match actor.role:
            case Role.INSURED:
                own = self.filter(claim__insured__account=actor.owner)
                return own.filter(Q(kept_from_family=False) | Q(claim__beneficiary__person__account=actor.account))
            case Role.AGENT:
                return clean.filter(medical=False, claim__in=Claim.objects.visible_to(actor))
            case Role.SUPERVISOR:
                return clean.filter(medical=False, claim__in=Claim.objects.visible_to(actor)).exclude(appeal="")
            case Role.PHYSICIAN:
                chosen = Attachment.objects.filter(pk=models.OuterRef("pk"), opinions__isnull=False)
                visible = clean.filter(claim__in=Claim.objects.visible_to(actor))
                return visible.filter(Q(medical=True) | models.Exists(chosen))
            case Role.ACCOUNTANT | Role.SECOND_ACCOUNTANT:
                orders = PaymentOrder.objects.visible_to(actor)
                supporting = Bill.objects.filter(lines__awards__payment_line__order__in=orders)
                return clean.filter(medical=False, paper=BILL, appeal="", bill__in=supporting)
            case Role.SYSTEM:
                return self
        return self.none()

    def current(self) -> Self:
        """Keep the papers that no other has replaced."""
        return self.filter(replacement__isnull=True)

    def to_replace(self) -> Self:
        """
        Keep the papers in the place of which the insured person is to send another.

        Those that the agent refused, and the files that came later and came to nothing: infected, unscannable, lost.
        What is accepted is no longer waited for.
        """
        refused = Q(verdict__in=REFUSALS)
        failed = WAITED_FOR & Q(verdict="", document__status__in=FAILED)
        return self.current().filter(refused | failed, claim__status__in=WORKED_ON)


WAITED_FOR = Q(replaces__isnull=False) | Q(answers__isnull=False)
"""What the Fund waited for: in the place of another, or because it was asked for; not what joins an appeal."""

FAILED = (DocumentStatus.INFECTED, DocumentStatus.UNSCANNABLE, DocumentStatus.LOST)
"""What becomes of a file that nobody will look at."""


class PaperVerdict(models.TextChoices):
    """What the agent found of one paper; all but the first ask for another in its place."""

    ACCEPTED = "accepted", _("Acceptée")
    UNREADABLE = "unreadable", _("Illisible")
    INCOMPLETE = "incomplete", _("Incomplète")
    WRONG_PERSON = "wrong_person", _("Au nom d’une autre personne")
    WRONG_KIND = "wrong_kind", _("Pas la pièce attendue")

    @property
    def refuses(self) -> bool:
        """Whether another paper is asked for."""
        return self != PaperVerdict.ACCEPTED


REFUSALS = tuple(verdict for verdict in PaperVerdict if verdict.refuses)


class Attachment(models.Model):
    """A document joined to a claim: the paper that it is, the bill that it supports, and what the agent found of it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="attachments", verbose_name=_("demande"))
    bill = models.ForeignKey(
        Bill, models.SET_NULL, null=True, blank=True, related_name="attachments", verbose_name=_("facture")
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments", verbose_name=_("pièce"))
    paper = models.CharField(_("nature de la pièce"), max_length=32)
    medical = models.BooleanField(_("sous pli confidentiel médical"), default=False)
    kept_from_family = models.BooleanField(_("gardée de la famille"), default=False, db_default=False)
    appeal = models.CharField(_("recours auquel elle est jointe"), max_length=20, blank=True, db_default="")
    verdict = models.CharField(_("constat"), max_length=16, blank=True, choices=PaperVerdict.choices)
    verdict_words = models.CharField(_("phrase pour l’assuré"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("constat fait par")
    )
    judged_at = models.DateTimeField(_("constat fait le"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", verbose_name=_("remplace")
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce jointe")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(verdict="") | Q(judged_by__isnull=False, judged_at__isnull=False),
                name="attachment_verdict_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", PaperVerdict.ACCEPTED]) | ~Q(verdict_words=""),
                name="attachment_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.document.name

    @property
    def came_later(self) -> bool:
        """Whether it was sent once the Fund had the claim: because the Fund waited for it, or with an appeal."""
        return self.replaces_id is not None or hasattr(self, "answers") or bool(self.appeal)


class AskedPaperQuerySet(models.QuerySet["AskedPaper"]):
    def awaited(self) -> Self:
        """Keep those that the insured person is still to send."""
        return self.filter(ended_at__isnull=True, claim__status__in=WORKED_ON)


class AskedPaper(models.Model):
    """A paper that never came and that the agent asks for: why, and the file that answered if one did."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="asked_papers", verbose_name=_("demande"))
    bill = models.ForeignKey(Bill, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("facture"))
    paper = models.CharField(_("nature de la pièce"), max_length=32)
    label = models.CharField(_("nom de la pièce"), max_length=150)
    words = models.CharField(_("phrase pour l’assuré"), max_length=500)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("demandée par"))
    asked_at = models.DateTimeField(_("demandée le"))
    answer = models.OneToOneField(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name=_("réponse")
    )
    ended_at = models.DateTimeField(_("reçue ou abandonnée le"), null=True, blank=True)

    objects = AskedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce demandée")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim", "paper", "bill"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="asked_paper_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answer__isnull=True) | Q(ended_at__isnull=False), name="asked_paper_answered_is_ended"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="asked_paper_says_why"),
        ]

    def __str__(self) -> str:
        return self.label


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the files on their way that this actor may follow."""
        return self.filter(upload__in=Upload.objects.visible_to(actor))


class Arrival(models.Model):
    """A file on its way to a claim: the paper that it will be there."""

    upload = models.OneToOneField(
        Upload, models.CASCADE, related_name="arrival", verbose_name=_("fichier en cours d’envoi")
    )
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="arrivals", verbose_name=_("demande"))
    bill = models.ForeignKey(
        Bill, models.SET_NULL, null=True, blank=True, related_name="arrivals", verbose_name=_("facture")
    )
    paper = models.CharField(_("nature de la pièce"), max_length=32)
    medical = models.BooleanField(_("sous pli confidentiel médical"), default=False)
    replaces = models.ForeignKey(
        Attachment, models.CASCADE, null=True, blank=True, related_name="arrivals", verbose_name=_("remplace")
    )
    answers = models.ForeignKey(
        AskedPaper, models.CASCADE, null=True, blank=True, related_name="arrivals", verbose_name=_("répond à")
    )
    appeal = models.CharField(_("recours auquel elle est jointe"), max_length=20, blank=True, db_default="")

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce en cours d’envoi")

    def __str__(self) -> str:
        return self.upload.name


class HoldReason(models.TextChoices):
    """Why papers are kept beyond their time."""

    CONTROL = "control", _("Contrôle en cours")
    APPEAL = "appeal", _("Recours en cours")


class SecrecyReason(models.TextChoices):
    """How somebody asked that their family be told nothing of a paper or of a claim, or that it be told again."""

    COUNTER = "counter", _("Demandé au guichet ou par téléphone")
    PHYSICIAN = "physician", _("Demandé à un médecin")
    ACCOUNT = "account", _("Demandé depuis son compte")


class Hold(models.Model):
    """An open control or appeal: until it is lifted, no paper of the claim is destroyed."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="holds", verbose_name=_("demande"))
    reason = models.CharField(_("motif"), max_length=16, choices=HoldReason.choices)
    placed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("posée par"))
    placed_at = models.DateTimeField(_("posée le"), auto_now_add=True)
    lifted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("levée par")
    )
    lifted_at = models.DateTimeField(_("levée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("conservation prolongée")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim", "reason"], condition=Q(lifted_at__isnull=True), name="hold_placed_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
