"""The statement of a payment that the bank made: line by line, from what was spent abroad to what was paid, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import contesting, currency, deadlines, decision_letter, explanation, parameters, recourse
from escale.rules.explanation import Step
from escale.rules.letter import Block, Letter, heading, said, table
from escale.rules.named import Named

_NONE = "–"
_NOTHING = Decimal(0)


class Standing(Named):
    """What became of a payment that the bank executed."""

    PAID = "paid", "Payé"
    RETURNED = "returned", "Retourné par la banque"
    NOT_MADE = "not_made", "Rejeté par la banque"


_BACK = {
    Standing.PAID: "",
    Standing.RETURNED: "La banque a exécuté ce virement, puis nous l’a rendu : il ne vous est pas parvenu.",
    Standing.NOT_MADE: "La banque a dit ce virement exécuté, puis rejeté : il ne vous est pas parvenu.",
}

_THEN = {
    Standing.PAID: "",
    Standing.RETURNED: ", puis revenu de la banque",
    Standing.NOT_MADE: ", puis rejeté par la banque",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line as it was decided, the act retained (in words), and what this payment is for it (EUR)."""

    decided: decision_letter.Line
    act: str
    ordered: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sum, in euros: what it is, and by which articles."""

    label: str
    articles: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """
    The claim that a payment answers: its number, who was cared for and where, its lines, what is not paid back and why.

    `ways`: how to contest the decision, in the words of its letter.
    """

    number: str
    decided_on: date
    cared: str
    """Whose care it was, in French: « vos soins », « les soins de Zoé »."""
    beneficiary: str
    place: str
    stay: str
    lines: tuple[Line, ...]
    kept: tuple[Part, ...]
    ways: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A payment: to whom, its sum (EUR), its day, its masked account, what it pays, and what became of it."""

    reference: str
    to: str
    amount: Decimal
    paid_on: date
    account: str
    holder: str
    standing: Standing
    replaced_by: str
    """The reference of the payment made again in its place, if there is one."""
    grounds: tuple[Part, ...]
    care: Care | None


def write(facts: Facts, *, veiled: bool = False) -> Letter:
    """Return the statement of a payment; `veiled`, with days and amounts only, for whom may not learn what care was."""
    return Letter(
        to=facts.to,
        reference=facts.reference,
        written_on=recourse.in_words(facts.paid_on),
        title=f"Décompte de remboursement n° {facts.reference}",
        blocks=tuple(_blocks(facts, veiled=veiled)),
    )


def _blocks(facts: Facts, *, veiled: bool) -> Iterator[Block]:
    yield from _payment(facts)
    if facts.care:
        yield from _care(facts, facts.care, veiled=veiled)
    else:
        yield heading("Ce qui est payé")
        yield _parts("Les sommes payées", facts.grounds)
    yield heading("À conserver")
    yield from said(*_keeping(facts))


def _payment(facts: Facts) -> Iterator[Block]:
    yield heading("Le versement")
    head = ("Montant", "Payé le", "Compte", "Au nom de", "État")
    paid = (currency.written(facts.amount), _short(facts.paid_on), facts.account, facts.holder, facts.standing.label)
    yield table("Le versement de la Caisse", head, (paid,))
    yield from said(_BACK[facts.standing])
    if facts.replaced_by:
        yield from said(f"Il est fait de nouveau par le versement {facts.replaced_by}.")


def _care(facts: Facts, care: Care, *, veiled: bool) -> Iterator[Block]:
    stay = "" if veiled else f" ; motif du séjour : {_lower(care.stay)}"
    articles = " ; ".join(dict.fromkeys(part.articles for part in facts.grounds))
    yield from said(
        f"Il suit notre décision du {recourse.in_words(care.decided_on)} sur la demande n° {care.number}, pour "
        f"{care.cared} ({care.place}{stay}).",
        f"Texte qui le fonde : {articles}." if articles else "",
    )
    yield heading("Les soins, ligne par ligne")
    yield _lines(care.lines, veiled=veiled)
    yield from decision_letter.veil(care.beneficiary) if veiled else _computed(care.lines)
    yield heading("Où va chaque euro")
    yield _parts("De la dépense au versement", _way(facts, care, veiled=veiled))
    if any(line.decided.due != line.decided.expense for line in care.lines):
        yield heading("Si vous n’êtes pas d’accord")
        yield from said(*care.ways, contesting.FROM_READING)


def _lines(lines: tuple[Line, ...], *, veiled: bool) -> Block:
    """Draw the lines; where something was paid before for the same care, what this payment is for each is told too."""
    again = any(line.ordered != line.decided.due for line in lines)
    head: tuple[str, ...] = ("Ligne", "Date des soins" if veiled else "Soins", "Payé", "En euros", "Remboursé")
    rows = [_row(rank, line.decided, veiled=veiled) for rank, line in enumerate(lines, start=1)]
    if again:
        head = (*head, "Versé cette fois")
        rows = [(*row, currency.written(line.ordered)) for row, line in zip(rows, lines, strict=True)]
    return table("Les lignes de soins", head, tuple(rows))


def _row(rank: int, line: decision_letter.Line, *, veiled: bool) -> tuple[str, ...]:
    care = _short(line.given_on) if veiled else f"{line.care}, {line.provider}, {_short(line.given_on)}"
    paid = currency.in_currency(line.amount, line.currency)
    expense = _NONE if line.expense is None else currency.written(line.expense)
    return str(rank), care, paid, expense, currency.written(line.due)


def _computed(lines: Iterable[Line]) -> Iterator[Block]:
    for rank, line in enumerate(lines, start=1):
        one = line.decided
        yield heading(f"Ligne {rank} : {_lower(one.care)}, {recourse.in_words(one.given_on)}", level=2)
        yield from said(
            f"Acte retenu : {line.act}." if line.act else "",
            f"Taux de change : {one.rate}." if one.rate else "",
        )
        if one.steps:
            yield _steps(rank, one.steps)
        if one.reason:
            verdict = "refus" if one.refused else "décision"
            yield from said(f"Motif de {verdict} : {one.reason.label} ({one.reason.articles}).")
        if not any(one.words in step.label for step in one.steps):
            yield from said(*one.words.splitlines())


def _steps(rank: int, steps: Iterable[Step]) -> Block:
    head = ("Étape", "Texte appliqué", "Avant", "Après")
    rows = ((_step(one), one.article, currency.written(one.before), currency.written(one.after)) for one in steps)
    return table(f"Calcul de la ligne {rank}", head, tuple(rows))


def _step(step: Step) -> str:
    figure = explanation.figure(step)
    return f"{step.label} ; {figure}, {step.version}" if figure and step.version else step.label


def _way(facts: Facts, care: Care, *, veiled: bool) -> Iterator[Part]:
    """Lead from what was spent to what was paid: each part is taken from what those before it leave."""
    spent = sum((line.decided.expense or _NOTHING for line in care.lines), _NOTHING)
    due = sum((line.decided.due for line in care.lines), _NOTHING)
    yield Part("Dépense en euros", "", spent)
    if not veiled:
        yield from (Part(part.label, part.articles, -part.amount) for part in care.kept)
    elif due != spent:
        yield Part("Non remboursé", "", due - spent)
    yield Part("Remboursé", "", due)
    if due != facts.amount:
        yield Part("Déjà versé pour ces soins", "", facts.amount - due)
    yield Part(f"Versé sur le compte {facts.account}{_THEN[facts.standing]}", "", facts.amount)


def _parts(caption: str, parts: Iterable[Part]) -> Block:
    rows = ((part.label, part.articles or _NONE, _signed(part.amount)) for part in parts)
    return table(caption, ("Somme", "Texte appliqué", "Montant"), tuple(rows))


def _keeping(facts: Facts) -> Iterator[str]:
    if facts.standing is Standing.PAID:
        until = recourse.in_words(deadlines.originals_until(facts.paid_on))
        months = parameters.value("originals_months", on=facts.paid_on)
        if facts.care:
            yield (
                f"Conservez vos originaux jusqu’au {until}, {months:f} mois à compter de la date de paiement : ils "
                "pourront vous être demandés en cas de contrôle."
            )
            yield untaxed(on=facts.paid_on)
    fund = recourse.FUND
    yield (
        f"{recourse.SERVICE}, {fund.name}, {fund.address}, téléphone {fund.phone}. Rappelez le numéro "
        f"{facts.reference} pour toute question."
    )


def untaxed(*, on: date) -> str:
    """Return what may be said to the tax office of what is paid back for care on a day; nothing if nothing is sure."""
    if not parameters.value("reimbursements_untaxed", on=on):
        return ""
    return (
        "Ce qui est remboursé des frais de soins n’est pas un revenu à déclarer : cette prestation n’est pas soumise à "
        "l’impôt sur le revenu (CGI, art. 81, 9°)."
    )


def _signed(amount: Decimal) -> str:
    return f"−\u00a0{currency.written(-amount)}" if amount < 0 else currency.written(amount)


def _short(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
