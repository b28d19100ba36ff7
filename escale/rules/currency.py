"""Which exchange rate applies, with its source and date, and how amounts are rounded and written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.numbers import get_currency_name

from escale.rules import parameters, redenominations
from escale.rules.identity import folded
from escale.rules.named import Named
from escale.rules.territories import territories

CENT = Decimal("0.01")


class Origin(Named):
    """Where a rate comes from; the dated table `exchange_rate_order` tells which is asked first."""

    PARITY = "parity", "parité fixe avec l’euro"
    ECB = "ecb", "Banque centrale européenne"
    MONTHLY = "monthly", "table mensuelle officielle"
    PEG = "peg", "parité officielle avec le dollar ou la livre"
    ENTERED = "entered", "cours saisi et confirmé par deux personnes"


_PUBLISHED = frozenset({Origin.ECB, Origin.MONTHLY})


@dataclass(frozen=True, slots=True)
class Quote:
    """An exchange rate: units of the currency for one euro, where it comes from (French) and its date."""

    currency: str
    units_per_eur: Decimal
    source: str
    on: date
    origin: Origin = Origin.ECB


@dataclass(frozen=True, slots=True)
class Choice:
    """The rate that applies, if any, and what each source that was asked answered, in French."""

    quote: Quote | None
    why: tuple[str, ...]


def decimals(currency: str) -> int:
    """Return how many decimals amounts in this currency have (ISO 4217)."""
    return _decimals().get(currency, 2)


def name(currency: str) -> str:
    """Return the French name of a currency (« dollar des États-Unis »), or its code where it has none."""
    names: dict[str, str] = parameters.table("currencies")["names"]
    return names.get(currency) or str(get_currency_name(currency, locale="fr"))


@lru_cache(maxsize=64)
def currencies(on: date) -> tuple[tuple[str, str], ...]:
    """Return the (code, French name) of the currencies in which a bill of that day may be written, by name."""
    codes = {one.currency for one in territories(on=on)} | set(redenominations.still_seen(on))
    return tuple(sorted(((code, name(code)) for code in codes), key=lambda pair: folded(pair[1])))


def fixed_parity(currency: str, *, on: date) -> Quote | None:
    """Return the parity that ties a currency to the euro on a date, None where there is none."""
    parity = _parity(currency, on)
    if parity is None or parity["through"] != "EUR":
        return None
    return Quote(currency, Decimal(str(parity["units"])), parameters.cited(parity), on, Origin.PARITY)


def rate_day(*, paid_on: date | None, given_on: date) -> date:
    """Return the day whose rate applies: that of the payment of the bill if known, else that of care (dated figure)."""
    return paid_on if paid_on and parameters.value("exchange_rate_at_payment", on=given_on) else given_on


def codes_for(currency: str, *, on: date) -> tuple[str, ...]:
    """Return the codes whose published rates `choose` may need: its own, that which replaced it, their anchors."""
    if order(on=on)[0] is Origin.PARITY and fixed_parity(currency, on=on):
        return ()
    own = [currency, *_heirs(currency)]
    return tuple(dict.fromkeys([*own, *(anchor for code in own for anchor in anchors(code, on=on))]))


def anchors(currency: str, *, on: date) -> tuple[str, ...]:
    """Return the currency, but the euro, to which one is tied by an official parity on a date, if any."""
    parity = _parity(currency, on)
    return (parity["through"],) if parity and parity["through"] != "EUR" else ()


def choose(currency: str, *, on: date, published: Sequence[Quote]) -> Quote | None:
    """Return the rate that applies on a date, None when two people must enter one."""
    return chosen(currency, on=on, published=published).quote


def chosen(currency: str, *, on: date, published: Sequence[Quote]) -> Choice:
    """Return the rate that applies on a date, and why.

    The sources are asked in a dated order, by default: a fixed parity; the European Central Bank; an official monthly
    table; an official parity with the dollar or the pound, at its own rate; what two people of the Fund entered. Only a
    quote published not after `on` and not older than the dated limit may serve. A currency that was replaced follows
    the one that took its place; one that does not exist yet has no rate: nobody guesses its unit.
    """
    if old := redenominations.replaced(currency, on=on):
        return _converted(old, chosen(old.new, on=on, published=published))
    if on < (begins_on := redenominations.begins_on(currency)):
        return Choice(None, (f"Cette monnaie n’existe que depuis le {begins_on:%d/%m/%Y} : vérifiez l’unité.",))
    why: list[str] = []
    for origin in order(on=on):
        quote, answer = _asked(origin, currency, on, published)
        why.append(f"{origin.label} : {answer}")
        if quote:
            return Choice(quote, tuple(why))
    return Choice(None, tuple(why))


def order(*, on: date) -> tuple[Origin, ...]:
    """Return in which order the sources of a rate are asked on a date; raises Unknown before the euro."""
    packaged = parameters.table("exchange_rate_order")["orders"]
    row = parameters.current(parameters.laid_over("exchange_rate_order", "all", packaged), on=on)
    if row is None:
        raise parameters.Unknown(packaged[0]["label"], on)
    return tuple(Origin(one) for one in row["order"])


def age_to_tell(quote: Quote, *, on: date) -> int:
    """Return the age of a rate in days where it is such that the agent is told (dated figure), else 0."""
    age = (on - quote.on).days
    return age if age >= parameters.value("exchange_rate_alert_days", on=on) else 0


def euros(amount: Decimal, quote: Quote) -> Decimal:
    """Return an amount of the quote's currency in euros, rounded once, half up, to the cent."""
    return cents(amount / quote.units_per_eur)


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """Return an amount in euros as French writes it: « 5 250,00 € »."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def in_currency(amount: Decimal, currency: str) -> str:
    """Return an amount with the decimals of its currency: « 15 000 XOF », « 180,00 USD »."""
    digits = f"{amount:,.{decimals(currency)}f}".replace(",", "\u202f").replace(".", ",")
    return f"{digits}\u00a0{'€' if currency == 'EUR' else currency}"


def _asked(origin: Origin, currency: str, on: date, published: Sequence[Quote]) -> tuple[Quote | None, str]:
    """Return what one source has for a currency, and how it is told."""
    if origin is Origin.PARITY:
        quote = fixed_parity(currency, on=on)
        return quote, "retenue" if quote else "aucune"
    if origin is Origin.PEG:
        quote = _pegged(currency, on, published)
        return quote, f"cours de l’autre monnaie du {quote.on:%d/%m/%Y}, retenue" if quote else "aucune"
    latest = _latest(origin, currency, on, published)
    if latest is None:
        return None, f"aucun cours au {on:%d/%m/%Y}"
    if latest.on < _oldest(on):
        return None, f"cours du {latest.on:%d/%m/%Y}, trop ancien de {(_oldest(on) - latest.on).days} j"
    return latest, f"cours du {latest.on:%d/%m/%Y}, retenu"


def _pegged(currency: str, on: date, published: Sequence[Quote]) -> Quote | None:
    """Return the rate of a currency through that to which it is tied, the dollar or the pound."""
    parity = _parity(currency, on)
    if parity is None or parity["through"] == "EUR":
        return None
    through = parity["through"]
    for origin in (one for one in order(on=on) if one in _PUBLISHED):
        anchor = _latest(origin, through, on, published)
        if anchor and anchor.on >= _oldest(on):
            units = Decimal(str(parity["units"]))
            source = f"{anchor.source}, 1 EUR = {_plain(anchor.units_per_eur)} {through} ; {parameters.cited(parity)}"
            told = f"{source}, 1 {through} = {_plain(units)} {currency}"
            return Quote(currency, units * anchor.units_per_eur, told, anchor.on, Origin.PEG)
    return None


def _converted(old: redenominations.Redenomination, new: Choice) -> Choice:
    """Return the choice made for the new currency, in units of the one that it replaced."""
    steps = [old]
    if new.quote and (kept := redenominations.renewed(old.new, on=new.quote.on)) and kept.since > old.since:
        steps.append(kept)  # the new one changed its unit since, under the same code
    why = (*(f"{one.equality} depuis le {one.since:%d/%m/%Y}" for one in steps), *new.why)
    if new.quote is None:
        return Choice(None, why)
    units, source = new.quote.units_per_eur, new.quote.source
    for one in reversed(steps):
        units, source = units * one.old_units / one.new_units, f"{source} ; {one.equality} ({one.source})"
    return Choice(replace(new.quote, currency=old.old, units_per_eur=units, source=source), why)


def _heirs(currency: str) -> list[str]:
    """Return the currencies that took the place of one, in turn."""
    heir = redenominations.replaced(currency, on=date.max)
    return [heir.new, *_heirs(heir.new)] if heir else []


def _latest(origin: Origin, currency: str, on: date, published: Sequence[Quote]) -> Quote | None:
    renewed = redenominations.renewed(currency, on=on)
    since = renewed.since if renewed else date.min  # what was published before is in another unit
    usable = (one for one in published if (one.currency, one.origin) == (currency, origin) and since <= one.on <= on)
    return max(usable, key=lambda quote: quote.on, default=None)


def _oldest(on: date) -> date:
    return on - timedelta(days=int(parameters.value("exchange_rate_days", on=on)))


def _parity(currency: str, on: date) -> parameters.Row | None:
    rows = (row for row in parameters.table("fixed_parities")["parities"] if row["currency"] == currency)
    return parameters.current(parameters.laid_over("parity", currency, rows), on=on)


def _plain(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


@cache
def _decimals() -> dict[str, int]:
    table = parameters.table("currencies")["decimals"]
    return {currency: count for count, codes in table.items() for currency in codes}
