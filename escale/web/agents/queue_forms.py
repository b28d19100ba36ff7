"""What is typed at the queue: filters, a search, the name of a view, an act on many claims."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Account, Role
from escale.domain.desk.actions.grouped import OF
from escale.domain.desk.filters import AGES, Assigned, Filters, WaitsFor
from escale.domain.desk.models import GroupedKind
from escale.rules import intake, territories, tongues
from escale.rules.intake import Care
from escale.rules.territories import Zone
from escale.web.forms import AS_TYPED, Form

WORDS = {
    "territory": "lieu", "zone": "zone", "language": "langue", "care": "soins", "least": "minimum", "most": "maximum",
    "waits_for": "attend", "age": "anciennete", "assigned": "attribuee",
}  # fmt: skip
"""How an address says what is looked for."""


def asked(query: Any) -> Filters:
    """Read the filters that an address asks."""
    return Filters.read({name: query.get(word, "") for name, word in WORDS.items()})


def told(filters: Filters) -> dict[str, str]:
    """Write filters as an address says them."""
    return {WORDS[name]: value for name, value in filters.kept().items()}


def _none(wanted: str, held: dict[str, int]) -> dict[str, int]:
    """Offer what is looked for, even if no claim holds it."""
    return {} if not wanted or wanted in held else {wanted: 0}


class FilterForm(Form):
    """The filters; none is required, and what makes no sense is left out."""

    territory = forms.ChoiceField(label=_("Lieu des soins"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    language = forms.ChoiceField(label=_("Langue des pièces"), required=False)
    care = forms.ChoiceField(label=_("Nature des soins"), required=False)
    least = forms.CharField(label=_("Montant, au moins (€)"), required=False, max_length=12)
    most = forms.CharField(label=_("Montant, au plus (€)"), required=False, max_length=12)
    waits_for = forms.ChoiceField(label=_("Attend"), required=False, choices=[("", _("Tout")), *WaitsFor.choices])
    age = forms.ChoiceField(label=_("Envoyée depuis au moins"), required=False)
    assigned = forms.ChoiceField(label=_("Attribuée"), required=False)

    def __init__(
        self, filters: Filters, *, places: dict[str, int], cares: dict[str, int], agents: list[Account]
    ) -> None:
        super().__init__(initial=filters.kept())
        today = timezone.localdate()
        places, cares = places | _none(filters.territory, places), cares | _none(filters.care, cares)
        named = sorted((territories.territory(code, on=today).name, code, n) for code, n in places.items())
        spoken = {language for code in places for language in tongues.spoken(code)}
        spoken |= {filters.language} - {""}
        choices: dict[str, list[tuple[str, Any]]] = {
            "territory": [(code, f"{name} ({n})") for name, code, n in named],
            "zone": [(zone.value, zone.label) for zone in Zone],
            "language": sorted(((one, tongues.name(one)) for one in spoken), key=lambda pair: pair[1]),
            "care": [(care.value, f"{care.label} ({cares[care]})") for care in Care if care in cares],
            "age": [(str(age), f"{age} jours ouvrés") for age in AGES],
            "assigned": [*Assigned.choices, *((str(one.pk), one.name) for one in agents)],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Tout")), *offered]

    def add_prefix(self, name: str) -> str:
        return WORDS.get(name, name)


class SearchForm(Form):
    """A number, a NIR, a name or a provider: typed in a form, never in an address."""

    wanted = forms.CharField(
        label=_("Rechercher une demande"),
        help_text=_(
            "Numéro de demande ou de sécurité sociale, nom de l’assuré ou du bénéficiaire : toutes les demandes "
            "envoyées. Praticien ou établissement : celles qui sont en cours."
        ),
        max_length=100,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez ce que vous cherchez.")},
    )


class GroupedForm(Form):
    """What is to be done on the claims that were ticked."""

    kind = forms.ChoiceField(label=_("Avec les demandes cochées"))
    to = forms.ModelChoiceField(Account.objects.none(), label=_("Gestionnaire"), required=False, empty_label=_("—"))
    paper = forms.ChoiceField(label=_("Pièce"), required=False)
    words = forms.CharField(
        label=_("Phrase pour l’assuré"),
        help_text=_("Ce que cette pièce doit montrer."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, role: Role, agents: list[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [kind for kind in GroupedKind if role in OF[kind]]
        self._choose("kind", [(kind.value, kind.label) for kind in kinds])
        if GroupedKind.ASSIGN in kinds:
            self.fields["to"].queryset = Account.objects.filter(pk__in=[one.pk for one in agents]).order_by("name")
            del self.fields["paper"], self.fields["words"]
        else:
            del self.fields["to"]
            papers = {paper.code: paper.label for paper in intake.catalogue(on=timezone.localdate())}
            ordinary = sorted((label, code) for code, label in papers.items() if not intake.is_medical(code))
            self._choose("paper", [("", _("Choisissez une pièce")), *((code, label) for label, code in ordinary)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
