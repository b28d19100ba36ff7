"""Claims sent through the real server, each with three files of 2 MB, against what the disk alone could take."""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

from benchmarks import crowd, figures, house
from benchmarks.visitor import Page, Upload, Visitor
from escale.domain.accounts.models import Role
from escale.domain.registry.models import BankAccount, Basis, Beneficiary, Category, InsuredPerson, Link
from escale.gateways import durable
from escale.rules.identity import folded

CLIENTS = (1, 8, 32)
SECONDS = 20.0
WARMING_SECONDS = 4.0
FILES = 3
SIZE = 2 * 1024 * 1024
_NOISE = os.urandom(SIZE - 200)


def measure(*, seconds: float = SECONDS, clients: tuple[int, ...] = CLIENTS) -> None:
    """Print claims a second, the time of one, what it costs, and the share of the disk's limit."""
    figures.title(f"Demandes envoyées, {FILES} fichiers de 2 Mo chacune, par le vrai serveur (granian, 2 processus)")
    for rank in range(max(clients)):
        person(rank)
    rows = []
    with house.serving() as (port, web):
        work(port, clients=4, seconds=WARMING_SECONDS)
        for count in clients:
            visitors = [signed_in(port, rank) for rank in range(count)]
            limit = _limit(count, seconds=seconds / 4) / FILES
            before = crowd.costs(web)
            durations, elapsed = crowd.together(visitors, _send, seconds)
            cost = [(after - start) / len(durations) for start, after in zip(before, crowd.costs(web), strict=True)]
            rate = len(durations) / elapsed
            p50, p95 = figures.middle(durations), figures.nearly_all(durations)
            rows.append([
                str(count), figures.told(rate), figures.seconds(p50), figures.seconds(p95),
                figures.told(limit), figures.told(100 * rate / limit, "%"), *(figures.told(one, "s") for one in cost),
            ])  # fmt: skip
    figures.table(
        ["personnes", "demandes/s", "p50", "p95", "limite du disque/s", "part", "web", "base", "mesure"], rows
    )
    print("  web, base, mesure : secondes de processeur par demande. Limite du disque : fichiers rendus durables / 3,")
    print("  par autant de fils à la fois, dans la même exécution. But : 15 demandes/s à 8, part de 60 %, 0,10 s.")


def work(port: int, *, clients: int, seconds: float) -> None:
    """Have some people send claims, measuring nothing."""
    for rank in range(clients):
        person(rank)
    crowd.together([signed_in(port, rank) for rank in range(clients)], _send, seconds)


def person(rank: int) -> None:
    """Make somebody who sends claims, once."""
    account = house.account(f"assure-{rank}@bench.example", Role.INSURED)
    if InsuredPerson.objects.filter(account=account).exists():
        return
    born_on = date(1980, 1, 1)
    person = InsuredPerson.objects.create(
        account=account, nir=f"1800199999{rank:03d}00", birth_name="Mesure", first_names=f"Camille {rank}",
        folded_name=folded(f"Mesure Camille {rank}"), born_on=born_on, category=Category.ACTIVE, basis=Basis.SERVICE,
    )  # fmt: skip
    oneself = Beneficiary.objects.create(
        insured=person, link=Link.SELF, last_name="Mesure", first_names=f"Camille {rank}", born_on=born_on,
        valid_from=born_on,
    )  # fmt: skip
    oneself.entitlements.create(valid_from=born_on, opened_because="Affiliation")
    BankAccount.objects.create(
        insured=person, iban="FR7630006000011234567890189", holder="Camille Mesure", valid_from=born_on
    )


def signed_in(port: int, rank: int) -> Visitor:
    """Return a visitor who has come in as this person."""
    visitor = Visitor(port)
    door = visitor.get("/connexion/")
    visitor.submit(door, {"email": f"assure-{rank}@bench.example", "password": house.PASSWORD})
    return visitor


def draft(visitor: Visitor) -> Page:
    """Do all that a person does, page after page, from « Nouvelle demande » to the page of the papers; return it."""
    today = date.today()
    page = visitor.get("/mon-compte/demandes/nouvelle/")
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": str(today - timedelta(days=200)), "stay_until": ""}
    page = visitor.submit(page, stay)
    page = visitor.submit(page, {"beneficiary": _first_choice(page)})
    number = page.url.split("/")[3]
    page = visitor.get(f"/mon-compte/demandes/{number}/factures/ajouter/")
    page = visitor.submit(page, {"provider": "Clinique des mesures", "currency": "DJF", "paid_on": str(today)})
    care = {"given_on": str(today), "care": "generalist", "amount": "9000", "paid_elsewhere": ""}
    visitor.submit(page, care)
    return visitor.get(f"/mon-compte/demandes/{number}/pieces/")


def _send(visitor: Visitor) -> None:
    """Do the same, join the papers and send, to the receipt."""
    page = draft(visitor)
    number = page.url.split("/")[3]
    for paper in ("bill", "cerfa", "translation")[:FILES]:
        page = visitor.submit(page, {"paper": paper}, Upload("facture.pdf", "application/pdf", _pdf()))
    page = visitor.get(f"/mon-compte/demandes/{number}/envoi/")
    receipt = visitor.submit(page, {"certified": "on"})
    assert receipt.url.endswith("/recepisse/"), receipt.url


def _first_choice(page: Page) -> str:
    return page.text.partition('name="beneficiary"')[2].partition('value="')[2].partition('"')[0]


def _pdf() -> bytes:
    """Make a PDF of 2 MB unlike any other, for a scanner's or a reader's eyes too."""
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%"
    return head + secrets.token_hex(16).encode() + _NOISE + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _limit(threads: int, *, seconds: float) -> float:
    """Return how many files of this size the disk makes durable in a second, with nothing else to do."""
    folder = Path(os.environ["ESCALE_HOME"]) / "durable"
    folder.mkdir(exist_ok=True)
    content = _pdf()

    def write(_: object) -> None:
        path = folder / secrets.token_hex(8)
        durable.write(path, [content])
        path.unlink()

    durations, elapsed = crowd.together(range(threads), write, seconds)
    return len(durations) / elapsed
