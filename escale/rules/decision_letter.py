"""The letter of a decision, written from its facts and their articles (CRPA, art. L. 211-2, L. 211-5 and L. 212-1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import contesting, currency, parameters, recourse
from escale.rules.deadlines import Residence
from escale.rules.explanation import Step
from escale.rules.letter import Block, Letter, heading, said, table
from escale.rules.named import Named
from escale.rules.refusal import Reason


class Verdict(Named):
    """What becomes of a line."""

    ACCEPTED = "accepted", "Remboursée en totalité"
    REDUCED = "reduced", "Remboursée en partie"
    NOTHING = "nothing", "Rien à rembourser"
    REFUSED = "refused", "Refusée"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A decided line: amounts in their currency, then in euros; `reason` where it is refused or cut for a coded one."""

    given_on: date
    care: str
    provider: str
    amount: Decimal
    currency: str
    rate: str
    """The rate of exchange and where it comes from, in words; empty for euros."""
    expense: Decimal | None
    due: Decimal
    refused: bool
    reason: Reason | None = None
    words: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What becomes of it."""
        if self.refused:
            return Verdict.REFUSED
        if not self.due:
            return Verdict.NOTHING
        return Verdict.ACCEPTED if self.expense == self.due else Verdict.REDUCED


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A decision: who asked, for whom, where; its lines; what is ordered (`total`, EUR) and where it is paid."""

    number: str
    reference: str
    to: str
    beneficiary: str
    oneself: bool
    place: str
    stay: str
    received_on: date
    decided_on: date
    residence: Residence
    discretionary: bool
    lines: tuple[Line, ...]
    total: Decimal
    account: str
    open_lines: int
    author: str
    seconded: bool
    corrects: bool = False


def write(facts: Facts, *, veiled: bool = False) -> Letter:
    """Return the letter of a decision; `veiled`, with amounts and days only, for whom must not learn what care was."""
    return Letter(
        to=facts.to,
        reference=facts.reference,
        written_on=recourse.in_words(facts.decided_on),
        title=f"Décision sur votre demande {facts.number}",
        blocks=tuple(_blocks(facts, veiled=veiled)),
    )


def _blocks(facts: Facts, *, veiled: bool) -> Iterator[Block]:
    yield from said("Madame, Monsieur,", *_what(facts, veiled=veiled))
    yield heading("Ce que nous décidons, ligne par ligne")
    yield _veiled_lines(facts) if veiled else _lines(facts)
    if veiled:
        yield from veil(facts.beneficiary)
    else:
        yield from _refusals(facts)
        yield from _computed(facts)
    yield from _by_program(facts)
    yield from _contesting(facts, veiled=veiled)
    if facts.total:
        yield heading("Vos originaux")
        months = parameters.value("originals_months", on=facts.decided_on)
        yield from said(
            f"Conservez vos originaux pendant {months:f} mois à compter du paiement : ils pourront vous être demandés."
        )
    yield from _signed(facts)


def veil(beneficiary: str) -> Iterator[Block]:
    """Say why the nature of somebody's care is not told."""
    yield from said(
        f"La nature des soins et les motifs concernent {beneficiary}, qui les lit dans son compte, ou les demande à un "
        "guichet de la Caisse (code de la santé publique, art. L. 1110-4)."
    )


def _what(facts: Facts, *, veiled: bool) -> Iterator[str]:
    cared = "vos soins" if facts.oneself else f"les soins de {facts.beneficiary}"
    day = recourse.in_words(facts.received_on)
    why = "" if veiled else f" ; motif du séjour : {_lower(facts.stay)}"
    yield (
        f"Le {day}, vous nous avez envoyé la demande de remboursement n° {facts.number} pour {cared} "
        f"({facts.place}{why}). Voici notre décision."
    )
    if facts.total:
        more = ", en plus de ce qui vous a déjà été versé pour ces soins" if facts.corrects else ""
        yield (
            f"Nous vous remboursons {currency.written(facts.total)}{more}, par virement sur le compte {facts.account}. "
            "La date du virement sera indiquée dans votre compte."
        )
    elif all(line.refused for line in facts.lines):
        yield "Nous ne pouvons pas rembourser ces soins, pour les raisons expliquées ci-dessous."
    else:
        yield "Aucun versement nouveau ne résulte de cette décision, pour les raisons expliquées ci-dessous."
    if facts.open_lines:
        many = facts.open_lines > 1
        yield (
            f"{facts.open_lines} {'autres lignes' if many else 'autre ligne'} de cette demande "
            f"{'restent' if many else 'reste'} en cours : une autre décision suivra, sans démarche de votre part."
        )


def _lines(facts: Facts) -> Block:
    rows = tuple(
        (str(rank), f"{line.care}, {line.provider}, {_short(line.given_on)}", *_amounts(line), line.verdict.label)
        for rank, line in enumerate(facts.lines, start=1)
    )
    return table("Les lignes décidées", ("Ligne", "Soins", "Payé", "En euros", "Remboursé", "Décision"), rows)


def _veiled_lines(facts: Facts) -> Block:
    rows = tuple(
        (str(rank), _short(line.given_on), *_amounts(line), line.verdict.label)
        for rank, line in enumerate(facts.lines, start=1)
    )
    return table("Les lignes décidées", ("Ligne", "Date des soins", "Payé", "En euros", "Remboursé", "Décision"), rows)


def _amounts(line: Line) -> tuple[str, str, str]:
    paid = currency.in_currency(line.amount, line.currency)
    return paid, "–" if line.expense is None else currency.written(line.expense), currency.written(line.due)


def _refusals(facts: Facts) -> Iterator[Block]:
    """Give each reason with its sentence and articles once, and the lines that it is for."""
    found: dict[tuple[Reason, str], list[int]] = {}
    for rank, line in enumerate(facts.lines, start=1):
        if line.refused and line.reason:
            found.setdefault((line.reason, line.words), []).append(rank)
    if found:
        yield heading("Ce qui est refusé, et pourquoi")
    for (reason, words), ranks in found.items():
        yield heading(f"{reason.label} ({_ranks(ranks)})", level=2)
        yield from said(*words.splitlines(), f"Textes appliqués : {reason.articles} (motif {reason.code}).")


def _computed(facts: Facts) -> Iterator[Block]:
    kept = [(rank, line) for rank, line in enumerate(facts.lines, start=1) if not line.refused]
    if kept:
        yield heading("Comment le remboursement est calculé")
    for rank, line in kept:
        yield heading(f"Ligne {rank} : {_lower(line.care)}, {recourse.in_words(line.given_on)}", level=2)
        if line.rate:
            yield from said(f"Taux de change : {line.rate}.")
        if line.steps:
            yield _steps(rank, line.steps)
        else:
            yield from said(f"Toute la dépense est remboursée : {currency.written(line.due)}.")
        yield from _cut(line)


def _steps(rank: int, steps: Iterable[Step]) -> Block:
    rows = tuple(
        (step.label, step.article, currency.written(step.before), currency.written(step.after)) for step in steps
    )
    head = ("Étape", "Texte appliqué", "Avant", "Après")
    return table(f"Calcul de la ligne {rank}", head, rows)


def _cut(line: Line) -> Iterator[Block]:
    """Say why an agent cut a line, and under which articles if it is for a coded reason."""
    if line.reason:
        yield from said(
            f"Motif de la réduction : {line.reason.label} (motif {line.reason.code} ; {line.reason.articles})."
        )
    if line.words and not any(line.words in step.label for step in line.steps):
        yield from said(*f"Précision du gestionnaire : {line.words}".splitlines())


def _by_program(facts: Facts) -> Iterator[Block]:
    if all(line.refused for line in facts.lines):
        return
    yield heading("Un calcul fait par un programme, une décision prise par une personne")
    yield from said(
        "Les montants ci-dessus sont calculés par un programme qui applique les textes cités, pour vous rembourser "
        "plus vite et de la même façon pour tous ; une personne les a vérifiés et a pris cette décision. Vous pouvez "
        "demander à la Caisse les règles de ce programme et ses principales caractéristiques (CRPA, art. L. 311-3-1 "
        "et R. 311-3-1-1) ; sans réponse dans le mois, vous pouvez saisir la Commission d’accès aux documents "
        "administratifs (cada.fr)."
    )


def _contesting(facts: Facts, *, veiled: bool) -> Iterator[Block]:
    yield heading("Si vous n’êtes pas d’accord")
    ways = contesting.ways(
        appeals=contesting.commissions((line.reason for line in facts.lines), veiled=veiled),
        residence=facts.residence,
        on=facts.decided_on,
        discretionary=facts.discretionary,
    )
    yield from said(*ways, contesting.FROM_READING)


def _signed(facts: Facts) -> Iterator[Block]:
    yield heading("Qui a pris cette décision")
    fund = recourse.FUND
    agent = f"{facts.author}, gestionnaire, " if facts.author else ""
    anonymous = "" if facts.author else ", au nom duquel un gestionnaire l’a prise (CRPA, art. L. 111-2)"
    second = " Une autre personne du service l’a relue avant qu’elle prenne effet." if facts.seconded else ""
    yield from said(
        f"{agent}{recourse.SERVICE}{anonymous}.{second}",
        f"{fund.name}, {fund.address}, téléphone {fund.phone}.",
        f"Cette décision, déposée dans votre compte par le téléservice, n’a pas à être signée à la main (CRPA, art. "
        f"L. 212-2). Rappelez sa référence pour toute question : {facts.reference}.",
    )


def _ranks(ranks: list[int]) -> str:
    if len(ranks) == 1:
        return f"ligne {ranks[0]}"
    return f"lignes {', '.join(map(str, ranks[:-1]))} et {ranks[-1]}"


def _short(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
