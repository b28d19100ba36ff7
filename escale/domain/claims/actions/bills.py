"""The bills of a draft, and their lines."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.claims import queries
from escale.domain.claims.actions.draft import take_out
from escale.domain.claims.models import Bill, Claim, ClaimLine
from escale.rules import currency as currencies
from escale.rules.intake import Care

OLDEST_CARE = timedelta(days=10 * 366)
LONGEST_NAME = 150
LARGEST_EXPENSE = Decimal(1_000_000)


@transaction.atomic
def add_bill(*, claim: Claim, provider: str, currency: str, paid_on: date | None, request_key: UUID, by: Actor) -> Bill:
    """
    Add a bill to a draft, once for this request key: asked again, the same bill is returned.

    :raises Unacceptable: if a field cannot be right.
    """
    claim.lock()
    if known := claim.bills.filter(request_key=request_key).first():
        return known
    _check_bill(provider, currency, paid_on)
    claim.advance("change", by=by, what="bill")
    return claim.bills.create(request_key=request_key, provider=provider, currency=currency, paid_on=paid_on)


@transaction.atomic
def change_bill(*, bill: Bill, provider: str, currency: str, paid_on: date | None, by: Actor) -> None:
    """Correct a bill of a draft. :raises Unacceptable: if a field cannot be right."""
    _check_bill(provider, currency, paid_on)
    _check_currency(bill, currency)
    bill.claim.advance("change", by=by, what="bill")
    bill.provider, bill.currency, bill.paid_on = provider, currency, paid_on
    bill.save(update_fields=["provider", "currency", "paid_on"])


def _check_bill(provider: str, currency: str, paid_on: date | None) -> None:
    errors = {}
    if len(provider) > LONGEST_NAME or not provider.isprintable():
        errors["provider"] = _("Écrivez le nom du praticien ou de l’établissement en 150 caractères au plus.")
    if currency not in dict(currencies.currencies(paid_on or timezone.localdate())):
        errors["currency"] = _("Cette devise n’est pas reconnue : choisissez-la dans la liste.")
    if paid_on and paid_on > timezone.localdate():
        errors["paid_on"] = _("La date de paiement est dans le futur : corrigez-la.")
    if errors:
        raise Unacceptable(errors)


def _check_currency(bill: Bill, currency: str) -> None:
    places = currencies.decimals(currency)
    typed = bill.lines.values_list("amount", "paid_elsewhere")
    if any(amount != round(amount, places) for amounts in typed for amount in amounts):
        sentence = _("Les montants déjà saisis ont des décimales que cette devise n’a pas : corrigez-les d’abord.")
        raise Unacceptable({"currency": sentence})


@transaction.atomic
def remove_bill(*, bill: Bill, by: Actor) -> None:
    """Take a bill, its lines and its files out of a draft."""
    bill.claim.advance("change", by=by, what="bill")
    take_out(bill.attachments.all(), by=by)
    bill.delete()


@transaction.atomic
def add_line(
    *,
    bill: Bill,
    given_on: date,
    care: Care,
    amount: Decimal,
    paid_elsewhere: Decimal,
    request_key: UUID,
    by: Actor,
) -> ClaimLine:
    """
    Add a line to a bill of a draft, once for this request key: asked again, the same line is returned.

    :raises Unacceptable: if a field cannot be right.
    """
    bill.claim.lock()
    if known := bill.lines.filter(request_key=request_key).first():
        return known
    _check_line(bill, given_on, amount, paid_elsewhere)
    bill.claim.advance("change", by=by, what="line")
    return bill.lines.create(
        request_key=request_key, given_on=given_on, care=care, amount=amount, paid_elsewhere=paid_elsewhere
    )


@transaction.atomic
def change_line(
    *, line: ClaimLine, given_on: date, care: Care, amount: Decimal, paid_elsewhere: Decimal, by: Actor
) -> None:
    """Correct a line of a draft. :raises Unacceptable: if a field cannot be right."""
    _check_line(line.bill, given_on, amount, paid_elsewhere)
    line.bill.claim.advance("change", by=by, what="line")
    line.given_on, line.care, line.amount, line.paid_elsewhere = given_on, care, amount, paid_elsewhere
    line.save(update_fields=["given_on", "care", "amount", "paid_elsewhere"])


def _check_line(bill: Bill, given_on: date, amount: Decimal, paid_elsewhere: Decimal) -> None:
    errors = {}
    today = timezone.localdate()
    if given_on > today:
        errors["given_on"] = _("La date des soins est dans le futur : indiquez le jour où ils ont eu lieu.")
    elif given_on < today - OLDEST_CARE:
        errors["given_on"] = _("Cette date est trop ancienne : vérifiez l’année.")
    places = currencies.decimals(bill.currency)
    if amount <= 0:
        errors["amount"] = _("Indiquez un montant supérieur à zéro, tel qu’il est écrit sur la facture.")
    elif amount != round(amount, places):
        errors["amount"] = _("Cette devise s’écrit avec %(places)d décimales au plus.") % {"places": places}
    elif _is_absurd(bill, given_on, amount):
        errors["amount"] = _("Ce montant paraît impossible : vérifiez le nombre de zéros.")
    if paid_elsewhere < 0 or paid_elsewhere > max(amount, Decimal(0)):
        errors["paid_elsewhere"] = _("La part déjà prise en charge ne peut dépasser le montant payé.")
    if errors:
        raise Unacceptable(errors)


def _is_absurd(bill: Bill, given_on: date, amount: Decimal) -> bool:
    """Tell whether an amount is worth more than a million euros, or is too long where no rate is known."""
    quote = queries.quote(ClaimLine(bill=bill, given_on=given_on))
    return currencies.euros(amount, quote) > LARGEST_EXPENSE if quote else amount >= LARGEST_EXPENSE * 10_000


@transaction.atomic
def remove_line(*, line: ClaimLine, by: Actor) -> None:
    """Take a line out of a draft."""
    line.bill.claim.advance("change", by=by, what="line")
    line.delete()
