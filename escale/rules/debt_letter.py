"""The letter that claims a sum back, and that which answers to a rectification (CSS, art. R. 133-9-2, I and III)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import currency, overpayment, recourse
from escale.rules.deadlines import Residence
from escale.rules.letter import Block, Letter, heading, said, table

_REGISTERED = "Lettre recommandée avec avis de réception"
_RECEIVED = "la réception de cette lettre, ou de sa première lecture dans votre compte si elle vient avant"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of care: its day, what it is, what was paid for it and what is claimed of it (EUR)."""

    given_on: date
    care: str
    paid: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A debt: to whom (name and address, a line each), on what payment, why, its sums (EUR), and its answer."""

    to: str
    reference: str
    number: str
    paid_on: date
    notified_on: date
    residence: Residence
    cause: str
    words: str
    lines: tuple[Line, ...]
    supplement: Decimal
    total: Decimal
    left: Decimal
    asked_on: date | None = None
    answered_on: date | None = None
    answer: str = ""


def notification(facts: Facts) -> Letter:
    """Return the letter that opens the recovery: its cause, its sums and their dates, the rights and the delays."""
    rights = told(facts.notified_on, facts.residence, received=_RECEIVED)
    return Letter(
        to=facts.to,
        reference=facts.reference,
        written_on=recourse.in_words(facts.notified_on),
        title=f"Notification d’indu n° {facts.reference}",
        blocks=(
            *_opening(facts),
            heading("Pourquoi, et combien"),
            *said(f"Motif : {facts.cause}.", *facts.words.splitlines()),
            _table(facts),
            *said(f"Somme réclamée : {currency.written(facts.total)}."),
            heading("Vos droits et les délais"),
            *said(*rights),
            *_signed(facts),
        ),
    )


def answer(facts: Facts) -> Letter:
    """
    Return the letter that refuses a rectification, or part of it: why, what is still owed, and from when it is taken.

    :raises ValueError: if nothing was answered.
    """
    if not (facts.asked_on and facts.answered_on):
        raise ValueError(f"{facts.reference} has no answer")
    return Letter(
        to=facts.to,
        reference=facts.reference,
        written_on=recourse.in_words(facts.answered_on),
        title=f"Réponse à votre demande de rectification de l’indu n° {facts.reference}",
        blocks=(
            *said(_REGISTERED, "Madame, Monsieur,"),
            *said(f"Vous avez demandé une rectification le {recourse.in_words(facts.asked_on)}. Notre réponse :"),
            *said(*facts.answer.splitlines()),
            _table(facts),
            *said(f"Reste à rembourser : {currency.written(facts.left)}."),
            heading("Vos droits et les délais"),
            *said(*answer_told(facts.answered_on, facts.residence, received=_RECEIVED)),
            *_signed(facts),
        ),
    )


def told(on: date, residence: Residence, *, received: str) -> tuple[str, ...]:
    """Return the rights and the delays of a notification of a day (see `overpayment.notification`)."""
    return overpayment.notification(received=received, appeal=recourse.appeal(residence=residence, on=on), on=on)


def answer_told(on: date, residence: Residence, *, received: str) -> tuple[str, ...]:
    """Return the rights and the delays of an answer of a day (see `overpayment.answer`)."""
    return overpayment.answer(received=received, appeal=recourse.appeal(residence=residence, on=on), on=on)


def _opening(facts: Facts) -> Iterator[Block]:
    return said(
        _REGISTERED,
        "Madame, Monsieur,",
        f"La Caisse vous a versé par erreur des prestations d’assurance maladie, par le virement du "
        f"{recourse.in_words(facts.paid_on)}, sur votre demande {facts.number}. Elle vous demande de les rembourser "
        "(CSS, art. L. 133-4-1 et R. 133-9-2).",
    )


def _table(facts: Facts) -> Block:
    rows = [
        (f"{one.given_on:%d/%m/%Y}", one.care, currency.written(one.paid), currency.written(one.amount))
        for one in facts.lines
    ]
    if facts.supplement:
        rows.append(("–", "Indemnité pour fraude (art. L. 133-4-1)", "–", currency.written(facts.supplement)))
    return table("Sommes en cause", ("Date", "Soins", "Payé", "Réclamé"), tuple(rows))


def _signed(facts: Facts) -> Iterator[Block]:
    fund = recourse.FUND
    return said(
        f"Pour le directeur : {recourse.SERVICE}, {fund.name}, {fund.address}, téléphone {fund.phone}. Rappelez le "
        f"numéro {facts.reference} pour toute question, et dans le libellé de votre virement."
    )
