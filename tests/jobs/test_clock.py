"""The clock of the house is wound in the worker itself, and not only where a test imports it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house import HOUSE

WORKER = """
import django
django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(*{task.name.rpartition(".")[2] for task in (one.task for one in app.periodic_registry.periodic_tasks.values())})
"""


def ticks(schedule: Path) -> set[str]:
    periodic = r"^@app\.periodic\(.*\n@app\.task\(.*\n(?:async )?def (\w+)"
    return set(re.findall(periodic, schedule.read_text(), re.MULTILINE))


def known_to_a_worker(*, demo: bool) -> set[str]:
    env = {**os.environ, "ESCALE_DEMO": str(int(demo))}
    worker = [sys.executable, "-c", WORKER]
    return set(subprocess.run(worker, cwd=HOUSE, env=env, capture_output=True, text=True, check=True).stdout.split())


def test_a_worker_started_alone_knows_every_tick_of_the_schedule():
    jobs = HOUSE / "escale" / "jobs"
    house, demo = ticks(jobs / "schedule.py"), ticks(jobs / "demo" / "schedule.py")
    assert house
    assert known_to_a_worker(demo=True) == house | demo != house
    assert known_to_a_worker(demo=False) == house
