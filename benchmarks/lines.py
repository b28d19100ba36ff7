"""Lines of care computed per second: explained one by one, a claim at a time, and a million at once for a jurist."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from benchmarks import figures
from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, refund
from escale.rules.scope import RuleSet
from escale.rules.treatment import refund_claim
from launcher import home

LINES = 1_000_000
_SECONDS = 3.0
_QUESTION = ["--set", "participation_forfaitaire=3", "--from", "2026-01-01"]
_ACTS = (("G", Care.GENERALIST), ("B 80", Care.BIOLOGY), ("AMK 9.5", Care.PHYSIOTHERAPY), ("C_DENT", Care.DENTAL))


def measure(*, lines: int = LINES) -> None:
    """Print lines per second one by one and by claim, then seconds and memory for a question over many lines."""
    figures.title("Calcul des lignes de soins")
    claim = [_line(place) for place in range(12)]
    one_by_one = _rate(lambda: [refund(line) for line in claim], len(claim))
    by_claim = _rate(lambda: refund_claim(claim), len(claim))
    print(f"  une par une, expliquées : {figures.told(one_by_one)} lignes par seconde")
    print(f"  par demande de douze lignes, plafond du traitement : {figures.told(by_claim)} lignes par seconde")
    command = [sys.executable, "manage.py", "simulate", *_QUESTION, "--lines", str(lines)]
    began, used = time.perf_counter(), _cpu()
    subprocess.run(command, cwd=home.CHECKOUT, check=True, capture_output=True, env=os.environ)
    elapsed, busy = time.perf_counter() - began, _cpu() - used
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  {figures.told(lines)} lignes recalculées avant et après, en deux processus : {figures.seconds(elapsed)}")
    print(f"  dont processeur : {figures.seconds(busy)} ; mémoire au plus haut : {figures.told(peak, 'Mo')}")
    print("  But : 5 s sur deux cœurs.")


def _line(place: int) -> CareLine:
    code, care = _ACTS[place % len(_ACTS)]
    return CareLine(
        given_on=date(2026, 3, 1 + place), act_code=code, care=care, expense_eur=Decimal(40 + place), patient_age=40,
        rule_set=RuleSet.SERVICE,
    )  # fmt: skip


def _rate(compute: Callable[[], object], lines: int) -> float:
    compute()
    began, done = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - began) < _SECONDS:
        compute()
        done += lines
    return done / elapsed


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
