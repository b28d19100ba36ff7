"""How an agent finds an act: by its code, by French words without accents, or by the words of the bill."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from escale.domain.tariffs import queries
from escale.domain.tariffs.models import Kind, TariffLine
from escale.rules import acts, bill_words
from escale.rules.acts import Act
from escale.rules.bill_words import Term
from escale.rules.identity import folded
from escale.rules.intake import Care

FOUND = 20
"""How many acts a search gives at most."""

_LATIN = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.,+ -]{1,23}")
_CIP13 = "34009"
_CIP7 = re.compile(r"[0-9]{7}")


def search(text: str, *, on: date, care: Care | None = None, limit: int = FOUND) -> list[Act]:
    """
    Return the acts that this text tells on a day, under the edition of the law being read, best first.

    A code comes before words, acts of the kind of care before others, frequent acts before the whole nomenclatures.
    Every word counts; if no act has them all, those that have most of them are given.
    """
    terms = bill_words.terms(text)
    if not terms:
        return []
    code = " ".join(text.upper().split())
    taken = queries.in_charge(on=on)
    for together in (True, False) if len(terms) > 1 else (True,):
        frequent = _frequent(code, terms, on=on, together=together)
        lines = queries.lines(on=on, taken=taken) if taken else TariffLine.objects.none()
        found = _merged(frequent, _ranked(lines, code, terms, care, limit, together), lines, taken)
        if found:
            return sorted(found, key=lambda act: (act.code != code, care is not None and act.care != care))[:limit]
    return []


def _merged(
    frequent: Sequence[Act], ranked: Iterable[TariffLine], lines: QuerySet[TariffLine], taken: Sequence[queries.Kept]
) -> list[Act]:
    """Put frequent acts first, each with its imported tariff where there is one; leave out what is gone."""
    codes = [act.code for act in frequent]
    imported = {line.code: queries.as_act(line, taken) for line in lines.filter(code__in=codes)} if taken else {}
    ccam = any(one.kind == Kind.CCAM for one in taken)
    first = [
        imported.get(act.code, act)
        for act in frequent
        if act.code in imported or not (ccam and queries.of_ccam(act.code))
    ]
    return first + [queries.as_act(line, taken) for line in ranked if line.code not in imported]


def _frequent(code: str, terms: Sequence[Term], *, on: date, together: bool) -> list[Act]:
    """Return the packaged acts that match, in memory: they are a few hundred."""
    scored = []
    for rank, act in enumerate(acts.acts(on=on)):
        words = _words_of(f"{act.code} {act.label}")
        if act.code.startswith(code):
            scored.append((0, len(act.code), rank, act))
            continue
        matched = [term for term in terms if act.code in term.codes or _tells(words, term)]
        if matched and (len(matched) == len(terms) or not together):
            known = sum(act.code in term.codes for term in terms)
            scored.append((1 + len(terms) - len(matched), -known, rank, act))
    return [act for *_score, act in sorted(scored, key=lambda one: one[:3])][:FOUND]


@lru_cache(maxsize=4_096)
def _words_of(text: str) -> str:
    """Return the folded words of a text, each after a space, so that one looks for the beginning of a word."""
    return f" {folded(text)}"


def _tells(words: str, term: Term) -> bool:
    return any(all(f" {asked}" in words for asked in phrase) for phrase in term.phrases)


def _ranked(
    lines: QuerySet[TariffLine], code: str, terms: Sequence[Term], care: Care | None, limit: int, together: bool
) -> QuerySet[TariffLine]:
    """Return the lines of the nomenclatures that match, one query: words by their beginnings, codes by theirs."""
    begun = _words(terms, together=together, whole=False)
    matches = Q(pk__in=[])
    if begun:
        matches |= Q(words=SearchQuery(begun, config="simple", search_type="raw"))
    if _CODE.fullmatch(code) and " " not in code:
        matches |= Q(code__startswith=code)
        if _CIP7.fullmatch(code):
            matches |= Q(code__startswith=_CIP13 + code)
    whole = SearchQuery(_words(terms, together=together, whole=True) or "''", config="simple", search_type="raw")
    return (
        lines.filter(matches)
        .defer("words", "folded")
        .annotate(
            rank=Case(
                When(code=code, then=0),
                When(care=care.value if care else "", then=1),
                default=2,
                output_field=IntegerField(),
            ),
            partial=Case(When(Q(words=whole), then=0), default=1, output_field=IntegerField()) if begun else Value(0),
            priced=Case(When(price=None, then=1), default=0, output_field=IntegerField()),
        )
        .order_by("rank", "partial", "priced", F("activity").asc(), Length("folded"), "code")[:limit]
    )


def _words(terms: Sequence[Term], *, together: bool, whole: bool) -> str:
    """Write the question in the words of PostgreSQL, from folded letters and figures only."""
    end = "" if whole else ":*"
    asked = []
    for term in terms:
        phrases = [phrase for phrase in term.phrases if all(map(_LATIN.fullmatch, phrase))]
        said = [" & ".join(f"{word}{end}" for word in phrase) for phrase in dict.fromkeys(phrases)]
        if said:
            asked.append(" | ".join(f"({one})" for one in said))
        elif together:
            return ""
    return (" & " if together else " | ").join(f"({one})" for one in asked)
