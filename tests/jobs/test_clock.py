"""The clock of the house is wound in the worker itself, and not only where a test imports it."""

import re
import subprocess
import sys

from tests.house import HOUSE

WORKER = """
import django
django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(*{task.name.rpartition(".")[2] for task in (one.task for one in app.periodic_registry.periodic_tasks.values())})
"""


def test_a_worker_started_alone_knows_every_tick_of_the_schedule():
    schedule = (HOUSE / "escale" / "jobs" / "schedule.py").read_text()
    ticks = set(re.findall(r"^@app\.periodic\(.*\n@app\.task\(.*\n(?:async )?def (\w+)", schedule, re.MULTILINE))
    known = subprocess.run([sys.executable, "-c", WORKER], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    assert set(known.split()) == ticks != set()
