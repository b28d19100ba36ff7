"""What each process weighs, once it has worked, against an empty Python."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import figures, house, sending
from launcher import home

WORK_SECONDS = 5.0


def measure() -> None:
    """Print the proportional share of memory (PSS) of the web, the worker and the database."""
    figures.title("Mémoire par processus (PSS), après quelques secondes de travail")
    empty = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    log = Path(os.environ["ESCALE_HOME"]) / "bench-worker.log"
    with log.open("ab") as written:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"], cwd=home.CHECKOUT, stdout=written, stderr=written
        )
    try:
        with house.serving() as (port, web):
            sending.work(port, clients=4, seconds=WORK_SECONDS)
            time.sleep(WORK_SECONDS)
            baseline = house.memory(empty.pid)
            families = {"web": web, "travail de fond": worker.pid, "base de données": house.database()}
            rows = [_row("un Python vide (repère)", [empty.pid], baseline)]
            rows += [_row(name, house.family(pid), baseline) for name, pid in families.items() if pid]
    finally:
        for process in (empty, worker):
            process.terminate()
            process.wait()
    figures.table(["", "processus", "total", "le plus gros", "en Python vides"], rows)
    print("  But : 200 Mo par processus web au plus.")


def _row(name: str, pids: list[int], baseline: float) -> list[str]:
    weights = [house.memory(pid) for pid in pids]
    return [
        name,
        str(len(weights)),
        figures.told(sum(weights), "Mo"),
        figures.told(max(weights), "Mo"),
        figures.told(sum(weights) / baseline),
    ]
