"""The coded reasons at the counter « Barèmes »: how each is worded today, other words to propose, a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import reasons
from escale.domain.tariffs.models import Confidence
from escale.rules import refusal
from escale.rules.refusal import Appeal, Category
from escale.web.agents.tariff_forms import CONFIDENCES
from escale.web.forms import Day, Form
from escale.web.hats import ActorRequest, wearing


class ReasonForm(Form):
    """The words of a coded reason, its articles, who hears whoever contests it, and from when."""

    code = forms.RegexField(
        label=gettext_lazy("Code"),
        regex=r"^R[0-9]{2}$",
        help_text=gettext_lazy("R et deux chiffres. Par exemple : R15. Un code ne change jamais de sens."),
        error_messages={
            "required": gettext_lazy("Donnez un code."),
            "invalid": gettext_lazy("Écrivez R et deux chiffres."),
        },
    )
    label = forms.CharField(
        label=gettext_lazy("Libellé"), max_length=120,
        help_text=gettext_lazy("La personne le lit en tête de l’explication."),
        error_messages={"required": gettext_lazy("Écrivez le libellé.")},
    )  # fmt: skip
    category = forms.ChoiceField(
        label=gettext_lazy("Catégorie"), choices=[(one.value, one.label) for one in Category], widget=forms.RadioSelect,
        help_text=gettext_lazy("C’est tout ce que dit l’e-mail."),
        error_messages={"required": gettext_lazy("Choisissez une catégorie.")},
    )  # fmt: skip
    articles = forms.CharField(
        label=gettext_lazy("Textes appliqués"), max_length=200,
        help_text=gettext_lazy(
            "Tels que le courrier les cite. Par exemple : CSS, art. R. 761-20. Changés, ils valent pour tout séjour."
        ),
        error_messages={"required": gettext_lazy("Un refus sans texte ne tient pas : citez-en un.")},
    )  # fmt: skip
    appeal = forms.ChoiceField(
        label=gettext_lazy("Recours devant"), choices=[(one.value, one.label) for one in Appeal],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choisissez une commission.")},
    )  # fmt: skip
    valid_from = Day(
        label=gettext_lazy("S’applique à compter du"),
        help_text=gettext_lazy("Demain au plus tôt : les décisions déjà prises gardent leurs mots."),
        error_messages={"required": gettext_lazy("Indiquez à partir de quand.")},
    )
    valid_until = Day(
        label=gettext_lazy("Cesse de s’appliquer le"), required=False,
        help_text=gettext_lazy("Facultatif. Ce jour-là, il ne sert plus ; les décisions déjà prises le citent encore."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300,
        help_text=gettext_lazy("Le texte, ou la décision de la Caisse, et sa date."),
        error_messages={"required": gettext_lazy("Dites d’où viennent ces mots.")},
    )  # fmt: skip
    confidence = forms.ChoiceField(
        label=gettext_lazy("Où ils ont été lus"), choices=CONFIDENCES, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites où ils ont été lus.")},
    )  # fmt: skip

    def __init__(self, *args: Any, code: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if code:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in refusal.codes():
            raise forms.ValidationError(_("Ce code sert déjà : proposez d’autres mots pour lui, ou un autre code."))
        return code

    def clean(self) -> dict[str, Any]:
        said = {"category": Category, "appeal": Appeal, "confidence": Confidence}
        return self.cleaned_data | {
            name: kind(self.cleaned_data[name]) for name, kind in said.items() if name in self.cleaned_data
        }


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the reasons that may be given today."""
    return render(request, "agents/reasons.html", {"found": reasons.standings(on=timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def propose(request: ActorRequest, code: str) -> HttpResponse:
    """Propose other words for a reason; somebody else puts them in force."""
    known = {one.reason.code: one for one in reasons.standings(on=timezone.localdate())}
    if code not in known:
        raise Http404(code)
    found = known[code].reason
    told = {"label": found.label, "articles": found.articles, "appeal": found.appeal.value,
            "category": next(one.value for one in Category if one.label == found.category)}  # fmt: skip
    form = ReasonForm(request.POST if request.method == "POST" else None, code=code, initial=told)
    return _proposed(request, form, known[code], code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def add(request: ActorRequest) -> HttpResponse:
    """Propose a new reason."""
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"appeal": Appeal.AMICABLE.value})
    return _proposed(request, form, None)


def _proposed(request: ActorRequest, form: ReasonForm, found: reasons.Standing | None, **code: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            edition = tariffs.propose_reason(by=request.actor, **form.cleaned_data | code)
        except tariffs.Unacceptable as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, _("Motif proposé : une autre personne doit le mettre en vigueur."))
            return redirect("agents:tariff_edition", edition.pk)
    return render(request, "agents/reason_propose.html", {"found": found, "form": form})
