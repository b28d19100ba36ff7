"""Many people at once, and what they cost."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from benchmarks import house

Worker = TypeVar("Worker")


def together(workers: Sequence[Worker], act: Callable[[Worker], None], seconds: float) -> tuple[list[float], float]:
    """Have all the workers do this again and again for so long; return the time of each, and of all."""
    began = time.perf_counter()

    def keep_on(worker: Worker) -> list[float]:
        durations = []
        while (started := time.perf_counter()) - began < seconds:
            act(worker)
            durations.append(time.perf_counter() - started)
        return durations

    with ThreadPoolExecutor(len(workers)) as pool:
        durations = [one for found in pool.map(keep_on, workers) for one in found]
    return durations, time.perf_counter() - began


def costs(web: int) -> list[float]:
    """Return the seconds of processor that the web, the database and this measure have taken so far."""
    base = house.database()
    return [house.cpu(web), house.cpu(base) if base else 0.0, sum(os.times()[:2])]
