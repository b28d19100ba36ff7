"""How what is known of somebody is told: in JSON for machines, in French on an accessible PDF."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Field, ForeignKey, Model, Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import secrecy
from escale.domain.claims.models import Attachment, Claim
from escale.domain.claims.portability.contents import CONTENTS, WITHHELD, Part
from escale.domain.documents.models import Upload
from escale.domain.mandates.acts import Act
from escale.domain.registry.models import Reading
from escale.gateways import typesetting
from escale.rules import intake, refusal, scope

FORMAT, VERSION = "escale.personal-data", 1

_SOURCE = Path(__file__).with_name("page.typ")
_KEPT_IN = {"nir": "nir_sealed", "iban": "iban_sealed", "reason_told": "code"}
"""What is told in clear words, and in which column it is kept otherwise."""
_READ_AS = {"nir": "legible_nir", "iban": "legible_iban"}
"""What may be damaged, and is then told as nothing."""
_FOR_MACHINES = {"estimate", "edition"}
_NAMED: dict[str, Callable[[str], str]] = {
    "territory": lambda code: scope.territory(code, on=timezone.localdate()).name,
    "reason_code": lambda code: refusal.reason(code, on=timezone.localdate()).label,
    "paper": lambda code: _papers().get(code, code),
    "acts": lambda codes: ", ".join(str(Act(code).label) for code in codes),
}


def as_json(account: Account, *, contents: tuple[Part, ...] = CONTENTS) -> str:
    """Return all that is told to the owner of an account, as docs/portability.md says (one JSON object)."""
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "withheld": [{"what": str(what), "why": str(why)} for what, why in WITHHELD],
    }
    tables = {part.name: _machine(part, rows(part, account), account) for part in contents}
    return json.dumps(said | tables, ensure_ascii=False)


def as_pdf(account: Account, *, contents: tuple[Part, ...] = CONTENTS) -> bytes:
    """Return the same in French, on a PDF/UA-1; the long tables that only machines read are left to the JSON."""
    parts = [_french(part, rows(part, account), account) for part in contents if part.printed]
    said = {
        "title": _("Mes données personnelles"),
        "made_on": date_format(timezone.localdate(), "j F Y"),
        "name": account.name,
        "parts": [part for part in parts if part["rows"]],
        "withheld": [[str(what), str(why)] for what, why in WITHHELD],
    }
    return typesetting.pdf(_SOURCE.read_text(encoding="utf-8"), said, root=_SOURCE.parent, made_at=timezone.now())


def counted(account: Account) -> list[tuple[str, int]]:
    """Return how many rows each table holds, of those that hold some."""
    counts = ((str(part.title), part.rows(account).count()) for part in CONTENTS)
    return [(title, count) for title, count in counts if count]


def rows(part: Part, account: Account) -> "QuerySet[Any]":
    """Return the rows of a table with all that is told of them, oldest first: one query for each table."""
    return _with_parts(part, part.rows(account))


def _with_parts(part: Part, found: "QuerySet[Any]") -> "QuerySet[Any]":
    joined = [path.rpartition("__")[0] for path in part.paths if "__" in path]
    joined += [path for path in part.paths if "__" not in path and isinstance(column(part.model, path), ForeignKey)]
    inner = [Prefetch(one.name, _with_parts(one, one.model._default_manager.all())) for one in part.parts]
    found = found.order_by("pk").prefetch_related(*inner)
    return found.select_related(*dict.fromkeys(joined)) if joined else found


def column(model: type[Model], path: str) -> "Field[Any, Any]":
    """Return the column at the end of a path."""
    name, _sep, rest = path.partition("__")
    field: Any = model._meta.get_field(_KEPT_IN.get(name, name))
    return column(field.related_model, rest) if rest else field


def key(path: str) -> str:
    """Return the name under which a column is told."""
    return path.rpartition("__")[2]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = None if row is None else getattr(row, _READ_AS.get(name, name))
    return row


def _inner(part: Part, row: Any, account: Account) -> Iterator[tuple[Part, Iterable[Any]]]:
    for one in part.parts:
        its = getattr(row, one.name).all()
        if one.model is Attachment:
            its = secrecy.open_to(its, row, reader=Actor(Role.INSURED, account))
        yield one, its


def _veils(row: Any, account: Account) -> bool:
    """Tell whether the nature of the care is somebody else's secret: only a claim says whose care it is."""
    return isinstance(row, Claim) and secrecy.hides_nature(row, reader=Actor(Role.INSURED, account))


def _each(part: Part, found: Iterable[Any], account: Account, *, veiled: bool) -> Iterator[tuple[Any, bool]]:
    """Return each row, and whether what it says of somebody's care is veiled."""
    all_of = list(found)
    secret: frozenset[int] = frozenset()
    if part.model is Reading:
        secret = secrecy.secret_readings(all_of, reader=Actor(Role.INSURED, account))
    if part.model is Upload:
        secret = secrecy.secret_uploads(all_of, reader=Actor(Role.INSURED, account))
    for row in all_of:
        yield row, veiled or row.pk in secret or _veils(row, account)


def _label(field: "Field[Any, Any]", value: Any) -> str | None:
    """Return the French words of a code, if it is one."""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _NAMED[field.name](value) if field.name in _NAMED else None


def _machine(part: Part, found: Iterable[Any], account: Account, *, veiled: bool = False) -> list[dict[str, Any]]:
    said = []
    for row, hidden in _each(part, found, account, veiled=veiled):
        if told := part.told(veiled=hidden):
            columns = {path: _value(row, path) if path in told else None for path in part.paths}
            inner = {one.name: _machine(one, its, account, veiled=hidden) for one, its in _inner(part, row, account)}
            said.append({key(path): _plain(column(part.model, path), value) for path, value in columns.items()} | inner)
    return said


def _plain(field: "Field[Any, Any]", value: Any) -> Any:
    if is_code(field):
        return {"code": value, "label": _label(field, value)} if value else None
    match value:
        case Decimal() | Model():
            return str(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
    return value


def is_code(field: "Field[Any, Any]") -> bool:
    """Tell whether a column holds a code, which is told with its French words."""
    return bool(field.choices) or field.name in _NAMED


def _french(part: Part, found: Iterable[Any], account: Account, *, veiled: bool = False) -> dict[str, Any]:
    said = []
    for row, hidden in _each(part, found, account, veiled=veiled):
        told = part.told(veiled=hidden)
        values = [(column(part.model, path), _value(row, path)) for path in part.paths if path in told]
        facts = [
            [capfirst(str(field.verbose_name)), _words(field, value)]
            for field, value in values
            if field.name not in _FOR_MACHINES and value  # « non », nothing and nought are left to the JSON
        ]
        inner = [_french(one, its, account, veiled=hidden) for one, its in _inner(part, row, account)]
        if facts:
            said.append({"facts": facts, "parts": [one for one in inner if one["rows"]]})
    return {"title": str(part.title), "rows": said}


def _words(field: "Field[Any, Any]", value: Any) -> str:
    if is_code(field):
        return str(_label(field, value))
    match value:
        case bool():
            return _("oui")
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",")
        case datetime():
            return f"{_day(timezone.localtime(value))} {date_format(timezone.localtime(value), 'à H:i')}"
        case date():
            return _day(value)
        case list():
            named = dict(getattr(field, "base_field", field).flatchoices)
            return "\n".join(str(named.get(one, one)) if isinstance(one, str) else _sentence(one) for one in value)
    return str(value)


def _day(value: date) -> str:
    written = date_format(value, "j F Y")
    return written.replace("1 ", "1er ", 1) if value.day == 1 else written


def _sentence(said: Any) -> str:
    """Write one step of an explanation."""
    if not isinstance(said, dict):
        return str(said)
    amounts = f"{said['before']} € → {said['after']} €".replace(".", ",")
    return f"{said['label']} : {amounts} ({said['article']})"


def _papers() -> dict[str, str]:
    return {paper.code: paper.label for paper in intake.catalogue(on=timezone.localdate())}
