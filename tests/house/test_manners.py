"""What is said, where it is said, and how long it is."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from escale.domain.case import Case
from tests.house import HOUSE

CODE = sorted(p for p in (HOUSE / "escale").rglob("*.py") if "migrations" not in p.parts and p.stat().st_size)


def _models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("escale.")]


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in CODE:
        yield str(path.relative_to(HOUSE)), ast.parse(path.read_text())


def test_every_model_is_in_the_glossary_under_its_french_name():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+?) \| [^|]+ \|$", (HOUSE / "GLOSSARY.md").read_text(), re.M)
    assert rows == sorted(rows)
    assert dict(rows) == {model.__name__: model._meta.verbose_name for model in _models()}


def test_every_room_says_what_it_is_for():
    rooms = [path.parent.name for path in (HOUSE / "escale/domain").glob("*/__init__.py")]
    words = {room: importlib.import_module(f"escale.domain.{room}").__doc__ or "" for room in rooms}
    assert [room for room in rooms if not words[room].startswith(room.capitalize())] == []
    assert [room for room in rooms if not words[room].endswith(".")] == []


def test_every_module_says_in_one_sentence_what_it_holds():
    silent = [name for name, tree in _trees() if not (ast.get_docstring(tree) or "").split("\n")[0].endswith(".")]
    assert silent == []


def test_every_model_and_every_verb_and_question_of_the_domain_says_what_it_is():
    silent = [model.__name__ for model in _models() if re.match(rf"{model.__name__}\(", model.__doc__ or "")]
    for name, tree in _trees():
        if re.search(r"/(actions|queries|rules|gateways)(/|\.py)", name):
            public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
            silent += [f"{name}:{node.name}" for node in public if not ast.get_docstring(node)]
    assert silent == []


def test_only_the_door_of_a_case_changes_its_status():
    guilty = [(name, node.lineno) for name, tree in _trees() for node in ast.walk(tree) if _sets_status(node)]
    assert {name for name, _ in guilty} == {"escale/domain/case.py"}
    assert len(guilty) == 4  # open, advance, and advance_all with what its caller has in hand


def _sets_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for part in parts)
    if isinstance(node, ast.Call):
        verb = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = any(word.arg == "status" for word in node.keywords)
        literal = any(isinstance(part, ast.Constant) and part.value == "status" for part in node.args)
        return (verb in {"update", "create", "get_or_create"} and named) or (verb == "setattr" and literal)
    return False


def test_every_case_follows_a_lifecycle_of_its_own_name():
    names = [model.LIFECYCLE.case for model in _models() if issubclass(model, Case)]
    assert len(names) == len(set(names))


def test_no_file_is_above_300_lines():
    files = [p for room in ("escale", "tests", "launcher", "benchmarks") for p in (HOUSE / room).rglob("*.py")]
    assert {_name(p): n for p in files if (n := len(p.read_text().splitlines())) > 300} == {}


def test_no_template_is_above_60_lines():
    files = (HOUSE / "escale/web/templates").rglob("*.html")
    assert {_name(p): n for p in files if (n := len(p.read_text().splitlines())) > 60} == {}


def _name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_no_key_of_a_row_is_written_as_people_write_numbers():
    """Over 999, it would hold a space, and name nothing."""
    files = (HOUSE / "escale/web/templates").rglob("*.html")
    assert [
        _name(p)
        for p in files
        if re.search(r"\{\{ [\w.]*(\bpk|bill_id|\bwidth|\bheight)( \}\}|\|default)", p.read_text())
    ] == []


def test_every_setting_read_from_the_environment_is_documented():
    read = {
        node.value
        for room in ("escale", "launcher")
        for path in (HOUSE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and re.fullmatch(r"ESCALE_[A-Z_]+|[A-Z]+_URL", str(node.value))
    } - OF_OTHERS
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", (HOUSE / "docs/environment.md").read_text(), re.M)
    assert rows == sorted(rows)
    assert set(rows) == read


OF_OTHERS = {
    "ESCALE_LAUNCHED_FROM",  # by which the launcher knows its own children; nobody sets it
    "STATIC_URL", "LOGIN_URL", "PUBLIC_URL",  # settings of Django and of ours, not variables
}  # fmt: skip


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True)


def test_the_drawn_lifecycles_are_up_to_date():
    call_command("draw_lifecycles", check=True)
