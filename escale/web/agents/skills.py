"""What each agent is skilled in, as supervisors say it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Account, Role
from escale.domain.desk import actions as desk
from escale.domain.desk import queries
from escale.domain.desk.models import Skill, SkillKind
from escale.rules import territories, tongues
from escale.rules.intake import Care
from escale.rules.territories import Zone
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


def offered() -> dict[SkillKind, dict[str, str]]:
    """Return all in which somebody may be skilled, with its French name."""
    places = territories.territories(on=timezone.localdate())
    spoken = {language for place in places for language in tongues.spoken(place.code)}
    return {
        SkillKind.TERRITORY: {place.code: place.name for place in places},
        SkillKind.ZONE: {zone.value: zone.label for zone in Zone},
        SkillKind.LANGUAGE: dict(sorted(((one, tongues.name(one)) for one in spoken), key=lambda pair: pair[1])),
        SkillKind.CARE: {care.value: care.label for care in Care},
    }


class SkillForm(Form):
    """An agent, and one thing in which they are skilled."""

    account = forms.ModelChoiceField(
        Account.objects.none(), label=gettext_lazy("Gestionnaire"), empty_label=gettext_lazy("Choisissez")
    )
    value = forms.ChoiceField(
        label=gettext_lazy("Compétence"),
        help_text=gettext_lazy("Un lieu, une zone, une langue ou une nature de soins."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account"].queryset = queries.agents()
        field = self.fields["value"]
        assert isinstance(field, forms.ChoiceField)
        groups = [
            (str(kind.label), [(f"{kind.value}:{value}", name) for value, name in values.items()])
            for kind, values in offered().items()
        ]
        field.choices = [("", _("Choisissez")), *groups]


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show who is skilled in what, and give one more skill."""
    form = SkillForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kind, _colon, value = form.cleaned_data["value"].partition(":")
        try:
            desk.give_skill(account=form.cleaned_data["account"], kind=SkillKind(kind), value=value, by=request.actor)
            messages.success(request, _("Compétence donnée."))
            return redirect("agents:skills")
        except desk.Unacceptable as refusal:
            form.refuse(refusal.errors)
    names = offered()
    agents = [
        (agent, [(skill, names[SkillKind(skill.kind)].get(skill.value, skill.value)) for skill in agent.skills.all()])
        for agent in queries.agents()
    ]
    return render(request, "agents/skills.html", {"form": form, "agents": agents})


@require_POST
@wearing(Role.SUPERVISOR)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Say that an agent is no longer skilled in something."""
    desk.withdraw_skill(skill=get_object_or_404(Skill.objects.select_related("account"), pk=pk), by=request.actor)
    messages.success(request, _("Compétence retirée."))
    return redirect("agents:skills")
