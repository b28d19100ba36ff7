"""The desk when thousands of claims are known, then millions: the stock in work stays what a Fund has."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.utils import timezone

from benchmarks import asking, figures, house, houses, stock
from benchmarks.asking import Asked, Pages, opened
from benchmarks.visitor import Visitor
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Claim
from escale.domain.desk import actions as desk
from escale.domain.desk.models import GroupedKind
from escale.rules import intake

SIZES = (20_000, 1_000_000)
TOGETHER = 500
_NOTE = """# La file : ce qui a été mesuré

Écrit par `make bench only=queue claims=10000000`. À chaque taille, une base à elle : autant de demandes, de factures,
de lignes, de pièces et de décisions, vingt demandes par personne, et 20 000 demandes en cours. Chaque page est demandée
quarante fois au vrai serveur, une autre demande ou un autre nom à chaque fois ; puis une fois de plus, pour ce qu’elle
demande à la base.

{goal}

{times}

« par où » : les trois accès qui lisent le plus, avec leurs lignes (l.), leurs tampons de 8 Ko (t.) et leur durée. Les
tampons ne dépendent pas de la charge de la machine : ce sont eux qui disent si une page grandit avec le total.

{ways}
"""


def measure(*, sizes: tuple[int, ...], note: bool = False) -> None:
    """Print the time of each page of the desk at each size, and by which indexes the database answers."""
    figures.title("Le bureau des gestionnaires, par le vrai serveur")
    found = dict(houses.each("queue", sizes))
    times, ways = asking.table(found), asking.ways(found)
    figures.table(*times)
    print(f"  {asking.GOAL}")
    figures.table(*ways)
    if note:
        asking.write("performance-queue.md", _NOTE, times=times, ways=ways)


def at(size: int) -> dict[str, Any]:
    """Return what each page takes when so many claims are known."""
    stock.fill(size)
    agent, insured = (
        house.account("gestion@bench.example", Role.AGENT),
        house.account("assure@bench.example", Role.INSURED),
    )
    stock.insured(insured)
    with house.serving() as (port, _web):
        pages, visitor = _pages(Actor(Role.AGENT, agent)), _signed_in(port, agent)
        found = asking.measured(visitor, pages, forms=visitor.get("/gestion/"))
        own = {"mes demandes, côté assuré": opened("/mon-compte/demandes/")}
        found |= asking.measured(_signed_in(port, insured), own)
    return found | {"prendre la suivante (base seule)": asking.told(asking.times(lambda _rank: _give(agent)))}


def _signed_in(port: int, account: Account) -> Visitor:
    visitor = Visitor(port)
    house.enter(visitor, account)
    return visitor


def _pages(by: Actor) -> Pages:
    """Return what agents ask all day; each time another claim, or another name."""
    treated, last = stock.worked_on(TOGETHER), Claim.objects.count()
    middle = treated[len(treated) // 2]
    numbers = [claim.number for claim in treated]
    said: dict[str, Any] = {"kind": GroupedKind.ASK_PAPER, "paper": _ordinary(), "words": "La date manque."}
    prepared = desk.prepare(numbers=numbers, request_key=uuid4(), by=by, **said)
    many = {**said, "kind": GroupedKind.ASK_PAPER.value, "claim": numbers}
    filters = {
        "première page": "?tout=1", "page du milieu": f"?apres={middle.due_on}_{middle.pk}", "lieu": "?lieu=TH",
        "langue": "?langue=en", "soins": "?soins=dental", "montant": "?minimum=1000&maximum=2000",
        "attend l’assuré": "?attend=insured", "pièce arrivée": "?attend=arrived", "à relire": "?attend=second_look",
        "ancienneté": "?anciennete=4", "à moi": "?attribuee=me", "à personne": "?attribuee=nobody",
        "en main": "?attribuee=held",
    }  # fmt: skip
    people = max(1_000, last // stock.EACH)
    searched = {
        "numéro": lambda rank: treated[-1 - rank].number,
        "numéro de sécurité sociale": lambda rank: stock.nir_of(1 + rank * 7 % people),
        "nom et prénom": lambda rank: stock.called(1 + rank * 7 % people),
        "nom porté par des milliers": lambda rank: stock.name_of(rank).partition("-")[0],
        "praticien": lambda rank: f"clinique {rank * 7}",
    }
    return (
        {name: opened(f"/gestion/{query}") for name, query in filters.items()}
        | {f"recherche : {name}": _search(words) for name, words in searched.items()}
        | {
            "demande ouverte": lambda rank: (f"/gestion/demandes/{quote(treated[rank].number)}/", {}),
            "mes demandes": opened("/gestion/mes-demandes/"),
            f"aperçu d’un acte sur {len(treated)} demandes": opened(f"/gestion/lots/{prepared.pk}/"),
            "préparer cet acte, puis son aperçu": lambda _rank: ("/gestion/lots/", many | {"request_key": uuid4().hex}),
        }
    )


def _search(words: Callable[[int], str]) -> Callable[[int], Asked]:
    return lambda rank: ("/gestion/recherche/", {"wanted": words(rank)})


def _ordinary() -> str:
    """Return a paper that an agent may ask for."""
    papers = intake.catalogue(on=timezone.localdate())
    return next(paper.code for paper in papers if not intake.is_medical(paper.code))


def _give(agent: Account) -> None:
    """Take the next claim, and put it back."""
    by = Actor(Role.AGENT, agent)
    claim = desk.take_next(by=by)
    assert claim
    desk.leave(claim=claim, by=by)
