"""What is done with the rates: propose, confirm, reject, withdraw, take over an official table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from django.db import connection, transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable as Unacceptable
from escale.domain.rates import queries
from escale.domain.rates.lifecycle import Status
from escale.domain.rates.models import Rate
from escale.gateways.rate_tables import Fault, Line
from escale.rules import currency as currencies
from escale.rules import redenominations
from escale.rules.currency import Origin, Quote
from escale.rules.lifecycle import StepRefused
from escale.rules.plausibility import Doubt, doubt

_STEP = Decimal("0.00000001")
_PROPOSING = 0x7A21F7


class Inverted(Exception):
    """Most of a table reads as euros for one unit where units for one euro were announced: nothing is kept."""


@dataclass
class Outcome:
    """What became of the lines of a table."""

    read: int = 0
    in_force: int = 0
    unchanged: int = 0
    held: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def propose(*, currency: str, units_per_eur: Decimal, on: date, source: str, proof: str, by: Actor) -> Rate:
    """
    Enter a rate where none is published; it serves once somebody else has confirmed it.

    :raises Unacceptable: if the currency needs none, if the day is still to come, or if the rate is the inverse of one.
    """
    quote = Quote(currency, units_per_eur, source, on, Origin.ENTERED)
    if errors := _faults(currency, on):
        raise Unacceptable(errors)
    known = queries.known(currency, on=on)
    if doubt(quote, known=known) is Doubt.INVERTED:
        raise Unacceptable({"units_per_eur": f"Ce cours {Doubt.INVERTED.label} : corrigez-le."})
    with connection.cursor() as cursor:  # what is asked for twice at once is made once
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PROPOSING, by.signatory.pk])
    mine = Rate.objects.to_confirm().filter(proposed_by=by.signatory, currency=currency, on=on)
    if same := mine.filter(units_per_eur=units_per_eur).first():
        return same
    return _open(quote, known=known, proof=proof, by=by)


@transaction.atomic
def confirm(*, rate: Rate, by: Actor) -> None:
    """
    Put in force a rate that somebody else proposed, and those that waited only for this one to be believed.

    :raises StepRefused: if it was settled meanwhile, or was proposed by the same person.
    """
    rate.lock()
    if rate.belongs_to(by.signatory) and rate.status == Status.PROPOSED:
        raise StepRefused("Vous avez proposé ce cours : une autre personne doit le confirmer.")
    _make_way_for(rate)
    _sign(rate, by)
    rate.advance("confirm", by=by, currency=rate.currency, units=rate.units_per_eur)
    _release_after(rate)


@transaction.atomic
def confirm_firsts(*, rate: Rate, by: Actor) -> int:
    """
    Put in force, with the last one that was shown, the first rates of a table that somebody else took over.

    Those that another rate contradicts, or that came since, are left to be looked at; return how many serve.

    :raises StepRefused: as for `confirm`.
    """
    shown = Rate.objects.to_confirm().filter(source=rate.source, proposed_by=rate.proposed_by_id, pk__lte=rate.pk)
    table = shown.filter(currency__in={one.currency for one in queries.firsts(Rate.objects.to_confirm())})
    firsts = sorted(table.filter(doubt=Doubt.FIRST), key=lambda one: (one.on, one.pk))
    for one in firsts:
        one.lock()
        if one.status == Status.PROPOSED:  # else one before it has freed it
            confirm(rate=one, by=by)
    return len(firsts)


@transaction.atomic
def reject(*, rate: Rate, by: Actor) -> None:
    """Leave aside a rate that waits; who proposed it may do so too."""
    rate.lock()
    _sign(rate, by)
    rate.advance("reject", by=by)


@transaction.atomic
def withdraw(*, rate: Rate, by: Actor) -> None:
    """Let a rate serve no more; the lines that it was used for keep it."""
    rate.advance("withdraw", by=by)


@transaction.atomic
def take_over(*, lines: Iterable[Line | Fault], origin: Origin, source: str, by: Actor) -> Outcome:
    """
    Take over a published table: what is plausible beside a rate known serves at once, the rest waits for somebody else.

    The same table taken over again changes nothing.

    :raises Inverted: if most of its lines are the inverse of what is known.
    """
    outcome, found = Outcome(), list(lines)
    outcome.read = len(found)
    outcome.refused = [(one.number, one.reason) for one in found if isinstance(one, Fault)]
    read = _once([one for one in found if isinstance(one, Line) and one.currency != "EUR"], outcome)
    outcome.unchanged += sum(isinstance(one, Line) and one.currency == "EUR" for one in found)
    inverted = compared = 0
    for line in sorted(read, key=lambda one: (one.on, one.number)):
        quote = Quote(line.currency, line.units_per_eur.quantize(_STEP, ROUND_HALF_EVEN), source, line.on, origin)
        known = queries.known(line.currency, on=line.on)
        compared += known is not None
        inverted += doubt(quote, known=known) is Doubt.INVERTED
        _take(line, quote, known, outcome, by)
    if inverted * 2 > compared:
        raise Inverted
    outcome.refused.sort()
    return outcome


def _once(lines: list[Line], outcome: Outcome) -> list[Line]:
    """Return each currency and day once: the same said twice is unchanged, two values for one day are both refused."""
    said: dict[tuple[str, date], list[Line]] = {}
    for line in lines:
        said.setdefault((line.currency, line.on), []).append(line)
    for (currency, on), twins in said.items():
        if len({one.units_per_eur for one in twins}) > 1:
            reason = f"{currency} a deux cours différents au {on:%d/%m/%Y}"
            outcome.refused += [(one.number, reason) for one in twins]
            twins.clear()
        outcome.unchanged += max(0, len(twins) - 1)
    return [twins[0] for twins in said.values() if twins]


def _take(line: Line, quote: Quote, known: Quote | None, outcome: Outcome, by: Actor) -> None:
    errors = _faults(quote.currency, quote.on, published=True)
    there = Rate.objects.filter(currency=quote.currency, on=quote.on, origin=quote.origin)
    current = there.in_force().first()
    if errors:
        outcome.refused.append((line.number, " ".join(errors.values())))
    elif there.filter(units_per_eur=quote.units_per_eur).exists():
        outcome.unchanged += 1
    elif current and current.source != quote.source:
        outcome.refused.append((line.number, f"{quote.currency} : ce jour est déjà donné par « {current.source} »"))
    elif doubt(quote, known=known) is Doubt.INVERTED:
        outcome.refused.append((line.number, f"{quote.currency} : {Doubt.INVERTED.label}"))
    else:
        rate = _open(quote, known=known, by=by, again=current)
        if rate.doubt:
            beside = f" ({rate.known.normalize():f})" if rate.known else ""
            told = f"{quote.currency} {quote.units_per_eur.normalize():f} : {Doubt(rate.doubt).label}{beside}"
            outcome.held.append((line.number, told))
        else:
            rate.advance("publish", by=SYSTEM, currency=rate.currency, units=rate.units_per_eur)
            outcome.in_force += 1


def _faults(currency: str, on: date, *, published: bool = False) -> dict[str, str]:
    """Return, field by field, why the Fund keeps no rate of this currency on this day."""
    if currencies.name(currency) == currency:
        return {"currency": f"« {currency} » n’est pas une monnaie connue."}
    if not published and (parity := currencies.fixed_parity(currency, on=on)):
        return {"currency": f"Cette monnaie a une parité fixe : {parity.source}."}
    if old := redenominations.replaced(currency, on=on):
        return {"currency": f"Cette monnaie n’existe plus depuis le {old.since:%d/%m/%Y} : {old.equality}."}
    if on < (begins_on := redenominations.begins_on(currency)):
        return {"on": f"Cette monnaie n’existe que depuis le {begins_on:%d/%m/%Y}."}
    if not published and on > timezone.localdate():
        return {"on": "La date du cours est dans le futur : corrigez-la."}
    return {}


def _open(quote: Quote, *, known: Quote | None, by: Actor, proof: str = "", again: Rate | None = None) -> Rate:
    if known is None and quote.origin is not Origin.ENTERED:
        known = _contradicting(quote)
    return Rate.open(
        by=by,
        currency=quote.currency,
        units_per_eur=quote.units_per_eur,
        on=quote.on,
        origin=quote.origin,
        source=quote.source,
        proof=proof,
        doubt=Doubt.AGAIN if again else doubt(quote, known=known) or "",
        known=again.units_per_eur if again else known and known.units_per_eur,
        known_on=again.on if again else known and known.on,
        proposed_by=by.signatory,
    )


def _contradicting(quote: Quote) -> Quote | None:
    """Return the rate that waits and that makes another first rate of its currency look wrong, if one does."""
    waiting = queries.awaiting(quote.currency, on=quote.on)
    return waiting if waiting and doubt(quote, known=waiting) else None


def _sign(rate: Rate, by: Actor) -> None:
    rate.decided_by, rate.decided_at = by.signatory, timezone.now()
    rate.save(update_fields=["decided_by", "decided_at"])


def _make_way_for(rate: Rate) -> None:
    """Withdraw the rate that served for the same day: the new one corrects it."""
    for old in (
        Rate.objects.in_force().filter(currency=rate.currency, on=rate.on, origin=rate.origin).exclude(pk=rate.pk)
    ):
        old.advance("withdraw", by=SYSTEM)


def _release_after(rate: Rate) -> None:
    """Put in force the published rates that were in doubt only because this one was not in force yet."""
    after = Rate.objects.to_confirm().filter(currency=rate.currency, on__gt=rate.on).exclude(origin=Origin.ENTERED)
    for one in after.exclude(doubt=Doubt.AGAIN).order_by("on", "pk"):
        quote = Quote(one.currency, one.units_per_eur, one.source, one.on, Origin(one.origin))
        if doubt(quote, known=queries.known(one.currency, on=one.on)):
            return
        one.doubt = ""
        one.save(update_fields=["doubt"])
        one.advance("publish", by=SYSTEM, currency=one.currency, units=one.units_per_eur)
