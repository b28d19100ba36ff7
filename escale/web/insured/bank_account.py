"""« Mon compte bancaire »: on which account one is paid, how it is changed, and how that is stopped."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.payments.accounts import is_new, left_for, payable_from
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson, Source
from escale.rules import identity, recourse, scope
from escale.rules.holders import Likeness
from escale.rules.lifecycle import StepRefused
from escale.web.access.proving import settled
from escale.web.forms import Form, as_read
from escale.web.hats import ActorRequest, wearing

_HOLDER_LENGTH = 70


class AccountForm(Form):
    """The account on which somebody wants to be paid."""

    iban = forms.CharField(
        label=_("IBAN"),
        max_length=60,
        help_text=_("Il commence par deux lettres, et se lit sur votre RIB. Par exemple : FR76 3000 6000 0112 3456…"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez l’IBAN du compte.")},
    )
    holder = forms.CharField(
        label=_("Titulaire du compte"),
        max_length=_HOLDER_LENGTH,
        help_text=_("Tel qu’il est écrit sur le RIB."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Écrivez le nom du titulaire.")},
    )

    def clean_iban(self) -> str:
        return as_read(identity.iban, self.cleaned_data["iban"])

    def clean_holder(self) -> str:
        return as_read(identity.person_name, self.cleaned_data["holder"])


@wearing(Role.INSURED, oneself=True)
@require_safe
def show(request: ActorRequest) -> HttpResponse:
    """Show the account known, the one that waits, and the way to another."""
    person = _person(request)
    today = timezone.localdate()
    known = queries.bank_account(person, on=today)
    first = payable_from(known, today=today) if known else today
    return render(
        request,
        "insured/bank_account.html",
        {
            "known": known,
            "bank": known.bank if known else None,
            "paid_from": first if first > today else None,
            "may_deny": known is not None and known.source == Source.INSURED and is_new(known, today=today),
            "to_check": person.bank_accounts.filter(status=AccountStatus.TO_CHECK).order_by("-pk").first(),
            "fund": recourse.FUND,
        },
    )


@wearing(Role.INSURED, oneself=True)
@require_http_methods(["GET", "HEAD", "POST"])
@settled
def change(request: ActorRequest) -> HttpResponse:
    """Take another account, in two steps: what was typed is shown with the name of the bank, then confirmed."""
    person = _person(request)
    form = AccountForm(request.POST if request.method == "POST" else None)
    seen: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            if "confirm" in request.POST:
                registry.declare(insured=person, by=request.actor, **typed)
                messages.success(request, _("C’est noté : un message vous le confirme."))
                return redirect("insured:bank_account")
            if "again" not in request.POST:
                seen = _seen(person, **typed)
        except Unacceptable as fault:
            form.refuse(fault.errors)
    page = "insured/bank_account_seen.html" if seen else "insured/bank_account_change.html"
    return render(request, page, {"form": form, "fund": recourse.FUND, **seen})


@wearing(Role.INSURED, oneself=True)
@require_POST
def deny(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop a change of account that one did not make, or that one regrets; once it is paid, this is another change."""
    account = get_object_or_404(BankAccount, pk=pk, insured=_person(request))
    waits = account.status == AccountStatus.TO_CHECK or is_new(account, today=timezone.localdate())
    return _stop(request, account) if waits else settled(_stop)(request, account)


def _stop(request: ActorRequest, account: BankAccount) -> HttpResponse:
    try:
        registry.deny(account=account, by=request.actor)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("C’est arrêté : rien ne sera plus versé sur ce compte."))
        if left_for(account):
            words = _("Des versements y sont déjà partis : appelez la Caisse au %(phone)s.")
            messages.warning(request, words % {"phone": recourse.FUND.phone})
    return redirect("insured:bank_account")


def _person(request: ActorRequest) -> InsuredPerson:
    return get_object_or_404(InsuredPerson.objects.visible_to(request.actor))


def _seen(person: InsuredPerson, *, iban: str, holder: str) -> dict[str, Any]:
    """Return what the register of banks and that of the insured say of an account that was typed."""
    whose = registry.look(insured=person, iban=iban, holder=holder)
    today = timezone.localdate()
    account = BankAccount(insured=person, valid_from=today)
    return {
        "groups": " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        "bank": identity.bank(iban),
        "country": _country(iban),
        "paid_from": payable_from(account, today=today),
        "is_others": whose == Likeness.OTHER,
    }


def _country(iban: str) -> str:
    """Return the name of the country of an account, nothing for the few that are no place of care; overseas is FR."""
    if iban.startswith("FR"):
        return gettext("France")
    try:
        return scope.territory(iban[:2], on=timezone.localdate()).name
    except LookupError:
        return ""
