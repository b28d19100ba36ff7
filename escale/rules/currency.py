"""Which exchange rate applies, with its source and date, and how amounts are rounded and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.numbers import get_currency_name

from escale.rules import parameters
from escale.rules.identity import folded
from escale.rules.territories import territories

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Quote:
    """An exchange rate: units of the currency for one euro, where it comes from (French) and its date."""

    currency: str
    units_per_eur: Decimal
    source: str
    on: date


def decimals(currency: str) -> int:
    """Return how many decimals amounts in this currency have (ISO 4217)."""
    return _decimals().get(currency, 2)


def name(currency: str) -> str:
    """Return the French name of a currency (« dollar des États-Unis »), or its code where it has none."""
    names: dict[str, str] = parameters.table("currencies")["names"]
    return names.get(currency) or str(get_currency_name(currency, locale="fr"))


@lru_cache(maxsize=64)
def currencies(on: date) -> tuple[tuple[str, str], ...]:
    """Return the (code, French name) of the currencies in use on a date, sorted by name."""
    codes = {one.currency for one in territories(on=on)}
    return tuple(sorted(((code, name(code)) for code in codes), key=lambda pair: folded(pair[1])))


def fixed_parity(currency: str, *, on: date) -> Quote | None:
    """Return the parity that ties a currency to the euro on a date, None where there is none."""
    parity = _parity(currency, on)
    if parity is None or parity["through"] != "EUR":
        return None
    return Quote(currency, Decimal(str(parity["units"])), parameters.cited(parity), on)


def choose(currency: str, *, on: date, published: Sequence[Quote]) -> Quote | None:
    """Return the rate that applies on a date, None when an agent must enter one.

    A fixed parity comes first; else the latest quote published not after `on` and not older than the dated
    limit; else, for a currency officially pegged to the dollar, the dollar's own quote, were it published.
    """
    if fixed := fixed_parity(currency, on=on):
        return fixed
    if latest := _latest(currency, on, published):
        return latest
    parity, dollar = _parity(currency, on), _latest("USD", on, published)
    if parity is None or dollar is None:
        return None
    units = Decimal(str(parity["units"]))
    source = f"{dollar.source}, 1 EUR = {_plain(dollar.units_per_eur)} USD ; {parameters.cited(parity)}"
    return Quote(currency, units * dollar.units_per_eur, f"{source}, 1 USD = {_plain(units)} {currency}", dollar.on)


def euros(amount: Decimal, quote: Quote) -> Decimal:
    """Return an amount of the quote's currency in euros, rounded once, half up, to the cent."""
    return cents(amount / quote.units_per_eur)


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """Return an amount in euros as French writes it: « 5 250,00 € »."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def _latest(currency: str, on: date, published: Sequence[Quote]) -> Quote | None:
    oldest = on - timedelta(days=int(parameters.value("exchange_rate_days", on=on)))
    usable = (quote for quote in published if quote.currency == currency and oldest <= quote.on <= on)
    return max(usable, key=lambda quote: quote.on, default=None)


def _parity(currency: str, on: date) -> parameters.Row | None:
    rows = (row for row in parameters.table("fixed_parities")["parities"] if row["currency"] == currency)
    return parameters.current(parameters.laid_over("parity", currency, rows), on=on)


def _plain(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


@cache
def _decimals() -> dict[str, int]:
    table = parameters.table("currencies")["decimals"]
    return {currency: count for count, codes in table.items() for currency in codes}
