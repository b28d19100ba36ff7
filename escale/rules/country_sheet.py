"""The « fiche pays »: what to bring, what a bill must show, who pays and until when to claim, in two languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from escale.rules import currency, deadlines, intake, parameters
from escale.rules.intake import Care, Paper
from escale.rules.scope import Authorisation, Scope, Stay, Territory, agreement, paid_directly, scope

FRENCH, ENGLISH = "fr", "en"
_RIGHT_TO_LEFT = frozenset({"ar"})


class Line(NamedTuple):
    """One sentence in the language of the sheet, and in French; `french` is empty where the language is French."""

    text: str
    french: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the sheet says to the person who gives the care, in one language (ISO 639-1) beside French."""

    language: str
    language_name: str
    title: Line
    intro: Line
    bill: tuple[Line, ...]
    """What a bill must show to be paid back (CSS, art. R. 761-20)."""
    also: tuple[Line, ...]

    @property
    def direction(self) -> str:
        """Which way the language is written, as HTML says it: « rtl » or « ltr »."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class CarePaper:
    """A paper that some kinds of care ask for."""

    paper: Paper
    cares: tuple[Care, ...]

    @property
    def care(self) -> str:
        """The kinds of care, as a French sentence lists them."""
        return " ; ".join(care.label[0].lower() + care.label[1:] for care in self.cares)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the sheet of a country says for a stay on a day; texts are French but those of `doctor`."""

    territory: Territory
    stay: Stay
    on: date
    scope: Scope
    bring: tuple[Paper, ...]
    care_papers: tuple[CarePaper, ...]
    currency: str
    not_paid: tuple[str, ...]
    notes: tuple[str, ...]
    agreements: tuple[str, ...]
    claim: tuple[str, ...]
    deadline: str
    claim_until: date
    """The last day to claim care given on the day of the sheet."""
    doctor: Words


def sheet(*, territory: Territory, stay: Stay, on: date) -> Sheet:
    """Return the sheet of a country for a stay of a soldier, or of whoever is on a private stay, on a day."""
    found = scope(territory=territory, stay=stay, stay_from=on, stay_until=None)
    documents = found.terms.documents if found.terms else ()
    return Sheet(
        territory=territory,
        stay=stay,
        on=on,
        scope=found,
        bring=tuple(intake.paper(key, on=on) for key in documents),
        care_papers=_care_papers(territory, stay, on),
        currency=_currency(territory),
        not_paid=tuple(_told("not_paid", found, territory, stay)),
        notes=(*found.alerts, *_told("notes", found, territory, stay), *_of_the_country(territory)),
        agreements=tuple(_agreements(found, on)),
        claim=tuple(_written(sentence, on) for sentence in _table()["claim"]),
        deadline=_written(_table()["deadline"], on),
        claim_until=deadlines.claim_until(on),
        doctor=words(language(territory.code)),
    )


def language(territory: str) -> str:
    """Return the language (ISO 639-1) in which the sheet speaks to physicians of a territory: English if not ours."""
    spoken = parameters.table("languages")["spoken"]
    own = [one for one, codes in spoken.items() if territory.partition("-")[0] in codes]
    return own[0] if own else ENGLISH


def words(language: str) -> Words:
    """Return what the sheet says to the person who gives the care, in a language; raises KeyError."""
    table = parameters.table("doctor_words")

    def line(said: dict[str, str]) -> Line:
        return Line(said[language], "" if language == FRENCH else said[FRENCH])

    return Words(
        language,
        parameters.table("languages")["names"][language],
        line(table["title"]),
        line(table["intro"]),
        tuple(map(line, table["bill"])),
        tuple(map(line, table["also"])),
    )


def _care_papers(territory: Territory, stay: Stay, on: date) -> tuple[CarePaper, ...]:
    """Return what each kind of care asks for beyond what every claim does, mandatory papers first."""
    always = {paper.code for paper in intake.papers(zone=territory.zone, stay=stay, cares=set(), on=on)}
    cares: dict[Paper, list[Care]] = {}
    for care in Care:
        for paper in intake.papers(zone=territory.zone, stay=stay, cares={care}, on=on):
            if paper.code not in always:
                cares.setdefault(paper, []).append(care)
    kept = [CarePaper(paper, tuple(found)) for paper, found in cares.items() if paper.mandatory or paper.medical]
    return tuple(sorted(kept, key=lambda one: not one.paper.mandatory))


def _told(part: str, found: Scope, territory: Territory, stay: Stay) -> Iterable[str]:
    case = {"stay": stay.value, "zone": territory.zone.name, "rule_set": found.rule_set and found.rule_set.value}
    for line in _table()[part]:
        if all(case[name] in line[name] for name in case if name in line):
            yield line["text"]


def _of_the_country(territory: Territory) -> Iterable[str]:
    if note := agreement(territory.code):
        yield note
    if places := paid_directly(territory.code):
        yield f"La Caisse règle directement : {' ; '.join(places)}. N’avancez pas les frais."


def _agreements(found: Scope, on: date) -> Iterable[str]:
    """Yield what must be agreed before the care, and what silence means."""
    table = _table()
    if not found.terms or not found.rule_set:
        return
    if found.terms.authorisation is not Authorisation.NONE:
        silence = deadlines.silence(deadlines.Request(found.terms.silence), received_on=on)
        delay = int(parameters.value(silence.parameter, on=on))
        told = table["silences"]["granted" if silence.granted else "refused"].format(weeks=delay, months=delay)
        yield f"{table['agreements'][found.terms.authorisation.value]} {told}"
    yield table["prior"].format(days=parameters.value("silence_agreement_days", on=on))


def _currency(territory: Territory) -> str:
    name = currency.name(territory.currency)
    return f"{name} ({territory.currency})"


def _written(sentence: str, on: date) -> str:
    """Return a sentence with the figures of the law that it names."""
    return sentence.format(**{name: parameters.value(name, on=on) for name in _named(sentence)})


@cache
def _named(sentence: str) -> tuple[str, ...]:
    return tuple(name for _text, name, _format, _conversion in Formatter().parse(sentence) if name)


def _table() -> dict[str, Any]:
    return parameters.table("country_sheet")
