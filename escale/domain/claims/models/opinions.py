"""What the medical service says of a claim."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models.claim import Claim, ClaimLine
from escale.domain.claims.models.papers import Attachment


class Outcome(models.TextChoices):
    """What the physician answers; the agent sees this and the code, never the note."""

    FAVOURABLE = "favourable", _("Favorable")
    PARTLY = "partly", _("Partiellement favorable")
    UNFAVOURABLE = "unfavourable", _("Défavorable")
    NONE = "none", _("Sans avis")


class OpinionCode(models.TextChoices):
    """On what the physician's opinion bears, without a word on health."""

    JUSTIFIED = "M01", _("Soins médicalement justifiés")
    UNFORESEEN = "M02", _("Caractère inopiné reconnu")
    NOT_UNFORESEEN = "M03", _("Caractère inopiné non reconnu")
    OTHER_ACT = "M04", _("À coter comme un autre acte")
    NOT_JUSTIFIED = "M05", _("Soins non justifiés")
    PAPERS_MISSING = "M06", _("Éléments médicaux insuffisants")
    NOTHING_TO_SAY = "M07", _("Pièces lues, rien qui change la décision")


class MedicalOpinion(models.Model):
    """
    A question of an agent to the medical service, on papers that the agent chose, and its coded answer.

    Without a question: what a physician says by themselves of papers that came under medical seal.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="opinions", verbose_name=_("demande"))
    question = models.TextField(_("question"), max_length=2000, blank=True)
    attachments = models.ManyToManyField(Attachment, related_name="opinions", verbose_name=_("pièces"))
    lines = models.ManyToManyField(ClaimLine, related_name="opinions", verbose_name=_("lignes concernées"))
    """The lines that wait for the answer; none said: all of them."""
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("demandé par"))
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    outcome = models.CharField(_("avis"), max_length=16, choices=Outcome.choices, blank=True)
    code = models.CharField(_("code"), max_length=8, choices=OpinionCode.choices, blank=True)
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("rendu par"))
    given_at = models.DateTimeField(_("rendu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avis médical")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim"], condition=models.Q(given_at__isnull=True), name="opinion_asked_once_at_a_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asked_at"], name="opinion_waits", condition=models.Q(given_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.get_outcome_display() or "…"


class MedicalNoteQuerySet(models.QuerySet["MedicalNote"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the physicians, else nothing (CSS, art. L. 315-1)."""
        return self if actor.role == Role.PHYSICIAN else self.none()


class MedicalNote(models.Model):
    """The reasons of a medical opinion, sealed: only physicians read them, and only with their keys."""

    opinion = models.OneToOneField(MedicalOpinion, models.CASCADE, related_name="note", verbose_name=_("avis médical"))
    name = models.CharField(_("nom sous lequel elle est scellée"), max_length=32)
    head = models.BinaryField(_("clé, enveloppée pour les médecins"))
    sealed = models.BinaryField(_("note du médecin-conseil, scellée"))

    objects = MedicalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note médicale")

    def __str__(self) -> str:
        return f"{self.opinion_id}"
