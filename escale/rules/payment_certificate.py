"""The proof of what the Fund paid in a year, for whoever asks: a bank, an employer, the tax office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import currency, recourse, statement
from escale.rules.letter import Block, Letter, heading, said, table


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that reached its account: its day, its reference, and its sum (EUR)."""

    paid_on: date
    reference: str
    amount: Decimal


def write(*, to: str, year: int, payments: tuple[Payment, ...], until: date) -> Letter:
    """
    Return the certificate of the payments of a year, in their order; `until`, the last day counted, is its own day.

    :raises ValueError: if there is none.
    """
    if not payments:
        raise ValueError(f"nothing was paid in {year}")
    return Letter(
        to=to,
        reference=f"ATT-{year}",
        written_on=recourse.in_words(until),
        title=f"Attestation des remboursements perçus en {year}",
        blocks=tuple(_blocks(to, year, payments, until)),
    )


def _blocks(to: str, year: int, payments: tuple[Payment, ...], until: date) -> Iterator[Block]:
    total = currency.written(sum((one.amount for one in payments), Decimal(0)))
    many = f"{len(payments)} versements" if len(payments) > 1 else "un versement"
    fund = recourse.FUND
    yield from said(
        f"La {fund.name} atteste avoir remboursé à {to}, du 1er janvier {year} au {recourse.in_words(until)}, des "
        f"frais de soins pour un total de {total}, en {many}.",
        statement.untaxed(on=until),
    )
    yield heading("Les versements")
    yield table(
        f"Versements de l’année {year}",
        ("Payé le", "Décompte", "Montant"),
        tuple((f"{one.paid_on:%d/%m/%Y}", one.reference, currency.written(one.amount)) for one in payments),
    )
    yield from said(
        "Un virement que la banque nous a rendu n’est pas compté. Une somme que vous auriez remboursée à la Caisse "
        "n’est pas déduite.",
        "Cette attestation ne dit rien de la nature des soins.",
        f"{recourse.SERVICE}, {fund.name}, {fund.address}, téléphone {fund.phone}.",
    )
