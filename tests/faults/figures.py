"""What is printed of the faults: each broken promise where it happens, and a table at the end."""

from collections import defaultdict
from typing import Any

COLUMNS = {"lost": "perdu", "doubled": "en double", "unscanned": "sain sans contrôle", "stuck": "bloqué"}


def say(outcome: dict[str, Any]) -> None:
    """Print what one fault broke, else a point."""
    sentences = [f"{COLUMNS[kind]} : {what}" for kind, found in outcome["breaches"].items() for what in found]
    if outcome["error"]:
        sentences.append(outcome["error"])
    print("" if sentences else ".", end="\n" if sentences else "", flush=True)
    for sentence in sentences:
        print(f"  !! {outcome['fault']} — {sentence}", flush=True)


def tell(outcomes: list[dict[str, Any]], *, seed: int, seconds: float) -> int:
    """Print the table; return 1 if one promise was broken."""
    by_fault: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for outcome in outcomes:
        by_fault[outcome["fault"]].append(outcome)
    rows = [_row(name, found) for name, found in by_fault.items()]
    total = _row("en tout", outcomes)
    print(f"\n| panne | pannes ressenties | {' | '.join(COLUMNS.values())} | sans réponse | retour, au pire |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for row in [*sorted(rows), total]:
        print(f"| {' | '.join(row)} |")
    broken = sum(len(found) for one in outcomes for found in one["breaches"].values())
    broken += sum(bool(one["error"]) for one in outcomes)
    print(f"\n  tirage {seed}, {seconds / 60:.1f} min : {broken} promesse(s) rompue(s)")
    return 1 if broken else 0


def _row(name: str, found: list[dict[str, Any]]) -> list[str]:
    counts = [sum(len(one["breaches"].get(kind, [])) for one in found) for kind in COLUMNS]
    errors = sum(bool(one["error"]) for one in found)
    worst = max((one.get("recovery", 0.0) for one in found), default=0.0)
    felt = sum(one.get("felt", False) for one in found)
    return [name, str(felt), *map(str, counts), str(errors), f"{worst:.1f} s"]
