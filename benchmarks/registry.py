"""A whole population taken into the registry, against a plain COPY of the same file."""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection, transaction

from benchmarks import figures, population
from launcher import home

AFFILIATES = population.AFFILIATES


def measure(*, affiliates: int = AFFILIATES) -> None:
    """Print the seconds of each file, the ratio to a plain COPY, and the most memory that the import took."""
    figures.title(f"Reprise de {figures.told(affiliates)} affiliés")
    folder = Path(os.environ["ESCALE_HOME"]) / "population"
    began = time.perf_counter()
    files = population.write(folder, affiliates=affiliates)
    print(f"  fichiers écrits en {figures.seconds(time.perf_counter() - began)}")
    plain = sum(_plain_copy(file) for file in files)
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "import_registry", str(folder)]
    told = subprocess.run(command, cwd=home.CHECKOUT, check=True, capture_output=True, text=True).stdout
    elapsed = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shutil.rmtree(folder)
    print("\n".join(f"  {line}" for line in told.splitlines()))
    lines = sum(int(re.sub(r"\D", "", line.partition(":")[2].partition("lignes")[0])) for line in told.splitlines())
    print(f"  {figures.told(lines)} lignes en {figures.seconds(elapsed)}, {figures.told(lines / elapsed)} par seconde")
    print(f"  {figures.told(elapsed / plain)} fois le repère, un COPY seul des mêmes lignes ({figures.seconds(plain)})")
    print(f"  mémoire au plus haut : {figures.told(peak, 'Mo')}")
    print("  But : 120 s, mémoire constante.")


def _plain_copy(file: Path) -> float:
    """Return the seconds in which PostgreSQL takes the bare lines of a file, checking nothing."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, file.open("rb") as lines:
        cursor.execute("CREATE TEMP TABLE plain (line text) ON COMMIT DROP")
        with cursor.copy("COPY plain FROM STDIN (DELIMITER E'\\x01')") as copy:
            while chunk := lines.read(256 * 1024):
                copy.write(chunk)
    return time.perf_counter() - began
