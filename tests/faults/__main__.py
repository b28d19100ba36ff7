"""`python -m tests.faults`: draws faults, injects them in some houses side by side, prints what came of them."""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import django

from launcher import children, home
from launcher.command import enter
from launcher.ground import MANAGE
from tests.faults import figures
from tests.faults.house import opened
from tests.faults.strikes import has_fiu
from tests.faults.table import TABLE, Fault


def main(arguments: list[str]) -> int:
    """Play one house, or gather those of several; return 1 if one promise was broken."""
    asked = _asked(arguments)
    if asked.lane is not None:
        _one_house(asked)
        return 0
    began = time.monotonic()
    print(f"  {asked.faults} pannes, tirage {asked.seed}, {asked.lanes} maison(s)", flush=True)
    outcomes = _all_houses(asked)
    return figures.tell(outcomes, seed=asked.seed, seconds=time.monotonic() - began)


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--faults", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="les pannes dont le nom contient ce texte")
    parser.add_argument("--light", action="store_true", help="sans celles qui redémarrent ou attendent longtemps")
    parser.add_argument("--lane", type=int)
    parser.add_argument("--folder", type=Path)
    return parser.parse_args(arguments)


def drawn(asked: argparse.Namespace) -> list[Fault]:
    """Draw so many faults: the whole table, shuffled, again and again."""
    chance, faults = random.Random(asked.seed), []
    table = [fault for fault in TABLE if asked.only in fault.name and not (asked.light and fault.heavy)]
    table = [fault for fault in table if has_fiu() or "fsync" not in fault.name]
    while len(faults) < asked.faults:
        faults += chance.sample(table, len(table))
    return faults[: asked.faults]


def _one_house(asked: argparse.Namespace) -> None:
    """Play a claim in peace, then the faults: where no file opens at all, the house believes its store is away."""
    end = time.monotonic() + asked.minutes * 60
    mine = drawn(asked)[asked.lane :: asked.lanes]
    with opened(asked.folder) as house:
        os.environ.update(house.environ)
        django.setup()
        from tests.faults import lane

        in_time = (fault for fault in mine if time.monotonic() < end)
        lane.run(chain([TABLE[0]], in_time), house, random.Random(asked.seed + asked.lane), lane.tell)


def _all_houses(asked: argparse.Namespace) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="escale-faults-", ignore_cleanup_errors=True) as folder:
        base = home.settle(folder)
        places = [home.settle(str(base / f"{lane}")) for lane in range(asked.lanes)]
        processes = [_started(asked, lane, place) for lane, place in enumerate(places)]
        with ThreadPoolExecutor(asked.lanes) as pool:
            try:
                return [outcome for found in pool.map(_heard, processes, places) for outcome in found]
            finally:
                for process in processes:
                    with contextlib.suppress(ProcessLookupError):
                        process.terminate()


def _started(asked: argparse.Namespace, lane: int, place: Path) -> subprocess.Popen[str]:
    words = ["faults", "seed", "minutes", "lanes", "only"]
    command = [str(MANAGE[0]), "-m", "tests.faults", "--lane", str(lane), "--folder", str(place)]
    command += [f"--{word}={getattr(asked, word)}" for word in words] + (["--light"] if asked.light else [])
    ends = children.ends_with_us(children.signal.SIGTERM)
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "escale.config.settings"}
    with (place / "logs" / "faults.log").open("wb") as log:
        return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=ends)


def _heard(process: subprocess.Popen[str], place: Path) -> list[dict[str, Any]]:
    assert process.stdout
    outcomes = []
    for line in process.stdout:
        if line.startswith("{"):
            outcomes.append(json.loads(line))
            figures.say(outcomes[-1])
    if process.wait():
        outcomes.append({
            "fault": "la maison elle-même", "breaches": {},
            "error": f"code {process.returncode}\n{children.last_lines(place / 'logs' / 'faults.log')}",
        })  # fmt: skip
        figures.say(outcomes[-1])
    return outcomes


if __name__ == "__main__":
    sys.argv[0] = "make faults"
    enter(main)
