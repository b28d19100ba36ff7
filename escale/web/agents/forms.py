"""What is typed behind the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Attachment, ClaimLine, MedicalOpinion, OpinionCode, Outcome, PaperVerdict
from escale.domain.payments.models import PaymentOrder
from escale.web.agents.reasons import refusal_choices

PROPOSED = {
    PaperVerdict.UNREADABLE: _(
        "Ce fichier n’est pas assez lisible. Photographiez le papier à plat, en pleine lumière, ou numérisez-le, "
        "puis envoyez-le à nouveau."
    ),
    PaperVerdict.INCOMPLETE: _(
        "Il manque une partie de cette pièce. Envoyez-la en entier, toutes ses pages dans un seul fichier."
    ),
    PaperVerdict.WRONG_PERSON: _(
        "Cette pièce est au nom d’une autre personne. Envoyez celle de la personne pour laquelle vous demandez "
        "le remboursement."
    ),
    PaperVerdict.WRONG_KIND: _(
        "Ce fichier n’est pas la pièce attendue. Envoyez celle dont le nom est écrit au-dessus de cette phrase."
    ),
}
"""What the insured person reads of a refused paper, unless the agent says it better; never a word on health."""


class VerdictForm(DsfrBaseForm):
    """What an agent finds of a paper, and the sentence for the insured person."""

    verdict = forms.ChoiceField(choices=PaperVerdict.choices, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Ce que l’assuré lira"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Dites ce qu’il faut envoyer à la place, sans détail médical."),
    )

    def __init__(self, *args: Any, attachment: Attachment, proposed: str = "", **options: Any) -> None:
        self.attachment = attachment
        self.proposes = proposed in PaperVerdict and PaperVerdict(proposed).refuses
        kept = attachment.verdict_words if attachment.verdict == proposed else ""
        typed = {"verdict": proposed, "words": kept or PROPOSED[PaperVerdict(proposed)]} if self.proposes else {}
        super().__init__(*args, initial=typed, auto_id=f"piece-{attachment.pk}-%s", **options)

    @property
    def found(self) -> str:
        """What is being said of the paper: « Illisible »."""
        return str(dict(PaperVerdict.choices).get(self["verdict"].value(), ""))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        refuses = PaperVerdict(typed["verdict"]).refuses if "verdict" in typed else False
        if refuses and not typed.get("words") and "words" not in self.errors:
            self.add_error("words", _("Dites à l’assuré pourquoi, et quoi envoyer à la place."))
        return typed

    def retained(self) -> dict[str, Any]:
        """Return the verdict and the sentence, in the words of the claims."""
        return {"verdict": PaperVerdict(self.cleaned_data["verdict"]), "words": self.cleaned_data["words"]}


class RemarkForm(DsfrBaseForm):
    """A note for those who will treat the claim."""

    text = forms.CharField(
        label=_("Annotation"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Lue à la Caisse, et par la personne si elle demande son dossier : pas de détail médical."),
        error_messages={"required": _("Écrivez votre annotation.")},
    )


class QuestionForm(DsfrBaseForm):
    """A question to the medical service, and the papers that go with it."""

    question = forms.CharField(
        label=_("Votre question au médecin-conseil"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Par exemple : ces soins étaient-ils imprévus ?"),
        error_messages={"required": _("Écrivez votre question.")},
    )
    attachments: Any = forms.ModelMultipleChoiceField(
        label=_("Pièces à joindre"),
        queryset=Attachment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Les pièces sous pli confidentiel médical partent d’elles-mêmes, sans que vous les voyiez."),
    )

    lines: Any = forms.ModelMultipleChoiceField(
        label=_("Lignes qui attendent la réponse"),
        queryset=ClaimLine.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Les autres peuvent être décidées et payées sans attendre. Si vous n’en cochez aucune, toutes attendent."
        ),
    )

    def __init__(self, *args: Any, attachments: Any, lines: Any, labels: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        asked: Any = self.fields["lines"]
        asked.queryset = lines
        asked.label_from_instance = lambda one: (
            f"{one.get_care_display()}, {one.bill.provider}, {one.given_on:%d/%m/%Y}"
        )
        chosen: Any = self.fields["attachments"]
        chosen.queryset = attachments
        chosen.label_from_instance = lambda one: f"{labels.get(one.paper, one.paper)} ({one.document.name})"


class SecondLookForm(DsfrBaseForm):
    """Why a decision goes back to whoever proposed it."""

    words = forms.CharField(
        label=_("Ce qu’il faut revoir"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Dites ce qu’il faut revoir.")},
    )


class RefusalForm(DsfrBaseForm):
    """A coded reason, and what the person will read."""

    reason_code = forms.ChoiceField(
        label=_("Motif"),
        choices=lambda: refusal_choices(_("Choisir un motif")),
        error_messages={"required": _("Choisissez un motif.")},
    )
    explanation = forms.CharField(
        label=_("Explication pour la personne"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Elle lira ce texte tel quel. Dites ce qui manque et ce qu’elle peut faire, sans détail médical."),
        error_messages={"required": _("Dites à la personne pourquoi vous refusez.")},
    )


UNASKED = 0
"""In the place of a question, where a physician speaks first."""


class OpinionForm(DsfrBaseForm):
    """The physician's answer: what the agent sees, and what stays between physicians."""

    outcome = forms.ChoiceField(label=_("Avis"), choices=Outcome.choices, widget=forms.RadioSelect)
    code = forms.ChoiceField(label=_("Sur quoi porte l’avis"), choices=[("", _("Choisir")), *OpinionCode.choices])
    note = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Lue par les seuls médecins-conseils (CSS, art. L. 315-1)."),
    )
    asked = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: MedicalOpinion | None, **options: Any) -> None:
        self.question = asked.pk if asked else UNASKED
        super().__init__(*args, initial={"asked": self.question}, **options)

    def clean_asked(self) -> int:
        """Refuse an answer to a question that has given way to another."""
        if self.cleaned_data["asked"] != self.question:
            raise forms.ValidationError(_("Une autre question a été posée entre-temps : relisez-la avant de répondre."))
        return self.question

    def answer(self) -> dict[str, Any]:
        """Return the outcome, the code and the note."""
        return {name: self.cleaned_data[name] for name in ("outcome", "code", "note")}


class VisaForm(forms.Form):
    """The orders that the accountant ticked."""

    orders: Any = forms.ModelMultipleChoiceField(
        queryset=PaymentOrder.objects.none(),
        error_messages={
            "required": _("Cochez au moins un ordre à viser."),
            "invalid_choice": _("Un ordre coché n’est plus à viser : la liste est maintenant à jour."),
        },
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        orders: Any = self.fields["orders"]
        orders.queryset = PaymentOrder.objects.within_reach_of(actor).to_approve()


class RejectionForm(DsfrBaseForm):
    """Why the accountant refuses the visa; the agent reads it."""

    reason = forms.CharField(
        label=_("Motif du refus de visa"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Le gestionnaire le lira, et reprendra la demande."),
        error_messages={"required": _("Dites au gestionnaire pourquoi vous refusez.")},
    )
