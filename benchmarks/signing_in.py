"""People who sign in by password, against what their password's digest alone costs; and what time tells a guesser."""

import time
from contextlib import suppress
from itertools import count

from django.contrib.auth.hashers import make_password

from benchmarks import crowd, figures, house
from benchmarks.visitor import Refused, Visitor
from escale.domain.accounts.models import Role

CLIENTS = (1, 8, 32)
SECONDS = 20.0
TRIES = 500
_DOOR = "/connexion/"
_ranks = count(1)


def measure(*, seconds: float = SECONDS, tries: int = TRIES) -> None:
    """Print sign-ins a second, their time and cost, then the gap of time between known and unknown addresses."""
    figures.title("Connexions par mot de passe, par le vrai serveur (granian, 2 processus), de la page à l’accueil")
    for rank in range(max(CLIENTS)):
        house.account(_address(rank), Role.INSURED)
    rows = []
    with house.serving(environ={"ESCALE_BEHIND_PROXY": "yes"}) as (port, web):
        for clients in CLIENTS:
            crowd.together(range(clients), lambda rank: _sign_in(port, rank), seconds / 5)
            before = crowd.costs(web)
            durations, elapsed = crowd.together(range(clients), lambda rank: _sign_in(port, rank), seconds)
            cost = [(after - start) / len(durations) for start, after in zip(before, crowd.costs(web), strict=True)]
            digests, alone = crowd.together(range(clients), _digest, seconds / 4)
            rate, limit = len(durations) / elapsed, len(digests) / alone
            p50, p95 = figures.middle(durations), figures.nearly_all(durations)
            rows.append([
                str(clients), figures.told(rate), figures.seconds(p50), figures.seconds(p95), figures.told(limit),
                figures.told(100 * rate / limit, "%"), *(figures.told(1000 * one, "ms") for one in cost),
            ])  # fmt: skip
        figures.table(
            ["personnes", "connexions/s", "p50", "p95", "empreintes/s", "part", "web", "base", "mesure"], rows
        )
        print(
            "  web, base, mesure : processeur par connexion, trois pages. Empreintes : Argon2 seul, autant à la fois."
        )
        known, unknown = _refusals(port, tries, "entrant"), _refusals(port, tries, "personne")
    gap = abs(figures.nearly_all(known) - figures.nearly_all(unknown))
    medians = [figures.seconds(figures.middle(durations)) for durations in (known, unknown)]
    print(f"  {tries} mauvais mots de passe : p50 {medians[0]} d’un compte connu, {medians[1]} d’un inconnu ;")
    print(f"  écart au p95 : {figures.seconds(gap)} (but : 10 ms).")


def _address(rank: int, who: str = "entrant") -> str:
    return f"{who}-{rank}@bench.example"


def _place() -> str:
    """Return an address from which nobody came yet: the limits count by place."""
    rank = next(_ranks)
    return f"10.{rank >> 16 & 255}.{rank >> 8 & 255}.{rank & 255}"


def _sign_in(port: int, rank: int) -> None:
    visitor = Visitor(port, place=_place())
    visitor.submit(visitor.get(_DOOR), {"email": _address(rank), "password": house.PASSWORD})


def _digest(rank: int) -> None:
    make_password(f"{house.PASSWORD}{rank}")


def _refusals(port: int, tries: int, who: str) -> list[float]:
    """Return how long each wrong password took to be refused, each from another place, over several accounts."""
    durations = []
    for rank in range(tries):
        visitor = Visitor(port, place=_place())
        door = visitor.get(_DOOR)
        began = time.perf_counter()
        with suppress(Refused):
            visitor.submit(door, {"email": _address(rank % max(CLIENTS), who), "password": "un-mot-de-passe-faux"})
        durations.append(time.perf_counter() - began)
    return durations
