"""What is done with editions: propose one from official files or a typed figure, put it in force, reject it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.tariffs import reading
from escale.domain.tariffs.lifecycle import Status
from escale.domain.tariffs.models import AmendedRow, Confidence, Edition, Kind, TariffLine
from escale.gateways.bank import Debtor, is_bic
from escale.gateways.nomenclatures import Refused, Unreadable
from escale.rules import budgets, identity, refusal
from escale.rules.lifecycle import StepRefused
from escale.rules.refusal import Appeal, Category

__all__ = [
    "SHOWN", "Unacceptable", "Unreadable", "propose", "propose_budget", "propose_figure", "propose_reason",
    "put_in_force", "reject",
]  # fmt: skip

SHOWN = 500
"""How many refused lines are kept with the edition; the report of the command has them all."""

_LOCK = 0x7A21F5
_PROPOSING = 0x7A21F6
_STRIDE = 2_000
_KEPT = "Les décisions déjà prises gardent leurs mots : un motif change à partir d’un jour à venir, demain au plus tôt."
_ROWS = frozenset({Kind.FIGURES, Kind.NGAP, Kind.HOSPITAL, Kind.TRANSPORT})


@transaction.atomic
def propose(
    *,
    kind: Kind,
    files: Sequence[Path],
    effective_from: date,
    source: str,
    by: Actor,
    refuse: Callable[[Refused], None] = lambda _refused: None,
    progress: Callable[[int], None] = lambda _read: None,
) -> Edition:
    """
    Take every good line of official files into an edition to verify, or nothing at all.

    `refuse` hears of each line left out, `progress` of the lines read so far.

    :raises Unreadable: if a file as a whole is not what it should be, or holds no good line.
    :raises StepRefused: if this actor may not propose.
    """
    content = reading.of_files(kind, files)
    known = {"kind": kind, "effective_from": effective_from, "source": source}
    return _waiting(content, known, by=by) or _filled(content, known, by=by, refuse=refuse, progress=progress)


@transaction.atomic
def propose_figure(
    *,
    name: str,
    value: Decimal,
    valid_from: date,
    valid_until: date | None,
    source: str,
    confidence: Confidence,
    by: Actor,
) -> Edition:
    """
    Take another value of a figure of the law, typed by a person, into an edition to verify; tried as a file is.

    :raises Unacceptable: if its period ends before it starts, or if the law cannot read it.
    :raises StepRefused: if this actor may not propose.
    """
    if valid_until and valid_until <= valid_from:
        raise Unacceptable({"valid_until": "La valeur cesserait de s’appliquer avant d’avoir commencé."})
    content = reading.of_figure(
        name, value, valid_from=valid_from, valid_until=valid_until, source=source, confidence=confidence.value
    )
    return _typed(content, "value", valid_from, source, by)


@transaction.atomic
def propose_reason(
    *,
    code: str,
    label: str,
    category: Category,
    articles: str,
    appeal: Appeal,
    valid_from: date,
    valid_until: date | None = None,
    source: str,
    confidence: Confidence,
    by: Actor,
) -> Edition:
    """
    Take other words of a coded reason of refusal, or a new one, into an edition to verify.

    Words that leave the articles as they are leave those of each stay as they are too.

    :raises Unacceptable: if it would change what decisions that are taken already say, or ends before it starts.
    :raises StepRefused: if this actor may not propose.
    """
    if valid_from <= timezone.localdate():
        raise Unacceptable({"valid_from": _KEPT})
    if valid_until and valid_until <= valid_from:
        raise Unacceptable({"valid_until": "Le motif cesserait de servir avant d’avoir commencé."})
    said: dict[str, Any] = {"label": label, "category": category.value, "articles": articles, "appeal": appeal.value}
    said |= {"source": source, "confidence": confidence.value, "articles_of": _articles_of(code, articles, valid_from)}
    content = reading.of_reason(code, valid_from=valid_from, valid_until=valid_until, **said)
    return _typed(content, "label", valid_from, source, by)


@transaction.atomic
def propose_budget(
    *,
    code: str,
    ceiling: Decimal | None,
    debtor: Debtor | None,
    valid_from: date,
    source: str,
    confidence: Confidence,
    by: Actor,
) -> Edition:
    """
    Take other credits of a budget, in euros for a year, or another account that it is paid from, into an edition.

    Without a ceiling its credits are an estimate; without an account the house's pays.

    :raises Unacceptable: if the account is not one, or its BIC: one wrong would hold up every batch of the budget.
    :raises StepRefused: if this actor may not propose.
    """
    found = budgets.budget(code, on=valid_from)
    said = {"label": found.label, "funder": found.funder.value, "ministry": found.ministry}
    said |= {"ceiling": "" if ceiling is None else f"{ceiling:f}", "source": source, "confidence": confidence.value}
    if debtor:
        if debtor.bic and not is_bic(debtor.bic):
            raise Unacceptable({"debtor_bic": "Ce BIC n’en est pas un : il a 8 ou 11 lettres et chiffres."})
        try:
            said |= {"debtor_name": debtor.name, "debtor_iban": identity.iban(debtor.iban), "debtor_bic": debtor.bic}
        except identity.Invalid as fault:
            raise Unacceptable({"debtor_iban": str(fault)}) from fault
    return _typed(reading.of_budget(code, valid_from=valid_from, **said), "ceiling", valid_from, source, by)


def _articles_of(code: str, articles: str, on: date) -> dict[str, str]:
    """Return the articles of each stay that go on with these, if these do not change."""
    found = refusal.reason(code, on=on) if code in refusal.codes() else None
    return {rules.value: own for rules, own in found.articles_of} if found and found.articles == articles else {}


def _typed(content: reading.Content, field: str, valid_from: date, source: str, by: Actor) -> Edition:
    """Make an edition of one line that was typed, tried as a file is; what is wrong with it is said beside a field."""
    known = {"kind": Kind.FIGURES, "effective_from": valid_from, "source": source}
    refused: list[Refused] = []
    try:
        return _waiting(content, known, by=by) or _filled(content, known, by=by, refuse=refused.append)
    except Unreadable as fault:
        raise Unacceptable({field: refused[0].reason}) from fault


def _waiting(content: reading.Content, known: dict[str, Any], *, by: Actor) -> Edition | None:
    """Return the edition that this person proposed already and that waits: what is asked for twice is made once."""
    if by.role != Role.SUPERVISOR:
        raise StepRefused("Seul un superviseur propose des tarifs.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PROPOSING, by.signatory.pk])
    same = {**known, "sha256": content.sha256, "status": Status.PROPOSED, "proposed_by": by.signatory}
    return Edition.objects.filter(**same).first()


def _filled(
    content: reading.Content,
    known: dict[str, Any],
    *,
    by: Actor,
    refuse: Callable[[Refused], None],
    progress: Callable[[int], None] = lambda _read: None,
) -> Edition:
    edition = Edition.open(by=by, files=content.files[:500], sha256=content.sha256, proposed_by=by.signatory, **known)
    refusals: list[dict[str, Any]] = []

    def good() -> Iterator[tuple[Any, ...]]:
        for line in reading.lines(content, effective_from=edition.effective_from, source=edition.source):
            edition.read += 1
            if edition.read % _STRIDE == 0:
                progress(edition.read)
            if isinstance(line, Refused):
                edition.refused += 1
                refuse(line)
                if len(refusals) < SHOWN:
                    refusals.append({"file": line.file, "line": line.line, "reason": line.reason})
            else:
                yield line.values

    if edition.kind in _ROWS:
        _copy(AmendedRow, reading.ROW_COLUMNS, edition, ((*r[:2], Jsonb(r[2]), *r[3:]) for r in good()))
    else:
        _copy(TariffLine, reading.PRICE_COLUMNS, edition, good())
    if not edition.kept:
        raise Unreadable("Aucune ligne de ces fichiers n’est bonne : rien n’est proposé.")
    edition.refusals = refusals
    edition.save(update_fields=["read", "refused", "refusals"])
    return edition


def _copy(model: type[models.Model], columns: Sequence[str], edition: Edition, rows: Iterator[tuple[Any, ...]]) -> None:
    table = model._meta.db_table
    named = ", ".join(f'"{column}"' for column in ("edition_id", *columns))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((edition.pk, *row))
        cursor.execute(f"ANALYZE {table}")


@transaction.atomic
def put_in_force(*, edition: Edition, by: Actor) -> None:
    """
    Have the house read an edition from now on, under the next number; whoever proposed it may not.

    :raises StepRefused: if it is decided already, or was proposed by the same person; if it would word anew a reason
        of refusal from a day on which decisions may have been taken for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])  # numbers follow on in the order of commits
    edition.lock()
    edition.LIFECYCLE.take("put_in_force", status=edition.status, role=by.role)
    if edition.belongs_to(by.signatory):
        raise StepRefused("Une autre personne que celle qui a proposé cette édition doit la mettre en vigueur.")
    if edition.rows.filter(table="reason", valid_from__lte=timezone.localdate()).exists():
        raise StepRefused(_KEPT)
    last = Edition.objects.aggregate(last=models.Max("number"))["last"] or 0
    edition.number, edition.decided_by, edition.decided_at = last + 1, by.signatory, timezone.now()
    edition.save(update_fields=["number", "decided_by", "decided_at"])
    edition.advance("put_in_force", by=by, number=edition.number, sha256=edition.sha256)


@transaction.atomic
def reject(*, edition: Edition, reason: str, by: Actor) -> None:
    """
    Set an edition aside, with a reason; whoever proposed it may withdraw it so.

    :raises StepRefused: if it is decided already.
    """
    edition.lock()
    edition.LIFECYCLE.take("reject", status=edition.status, role=by.role)
    edition.rejection, edition.decided_by, edition.decided_at = reason, by.signatory, timezone.now()
    edition.save(update_fields=["rejection", "decided_by", "decided_at"])
    edition.advance("reject", by=by)
