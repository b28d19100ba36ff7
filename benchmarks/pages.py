"""How many questions each page asks the database, on the demonstration's story."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import figures, house
from escale.domain.accounts import queries as of_accounts
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.payments.models import PaymentOrder
from escale.jobs.demo import people, story

GOAL = {Role.INSURED: 10}
GOAL_AT_THE_FUND = 15


def measure() -> None:
    """Print the number of SQL queries of every page of the way, against its goal."""
    figures.title("Requêtes SQL par page")
    if not people.are_here():
        story.tell(house.PASSWORD)
    people.change_password(house.PASSWORD)
    people.protect()
    rows, clients = [], dict[str, Client]()
    for role, player, name, arguments in [*_insured(), *_fund()]:
        client = clients.get(player.email) or clients.setdefault(player.email, _signed_in(player))
        url = reverse(name, args=arguments)
        client.get(url)  # what a process reads once (content types, tables of the law) is no page's own
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        goal = GOAL.get(role, GOAL_AT_THE_FUND)
        weight = figures.told(len(answer.content) / 1024, "Ko")
        rows.append([url, str(answer.status_code), str(len(queries)), f"≤ {goal}", weight])
    figures.table(["page", "réponse", "SQL", "but", "HTML"], rows)


def _signed_in(player: people.Player) -> Client:
    client = Client(headers={"host": "localhost"})
    client.post(reverse("access:sign_in"), {"email": player.email, "password": house.PASSWORD})
    account = Account.objects.get(email=player.email)
    if of_accounts.has_factor(account):
        client.post(reverse("access:second_factor"), {"code": of_accounts.shown_code(account)})
    return client


def _insured() -> Iterator[tuple[Role, people.Player, str, list[str]]]:
    """Yield the pages of the insured people, each for somebody who has something to see there."""
    for name in ("home", "claims", "new_claim"):
        yield Role.INSURED, people.CAMILLE, f"insured:{name}", []
    for name in ("where", "beneficiary", "bills", "add_bill", "documents", "review"):
        yield Role.INSURED, people.CAMILLE, f"insured:{name}", [_number(Status.DRAFT)]
    for name in ("claim", "receipt", "statement"):
        yield Role.INSURED, people.DOMINIQUE, f"insured:{name}", [_paid()]


def _fund() -> Iterator[tuple[Role, people.Player, str, list[str]]]:
    """Yield the pages of the Fund."""
    yield Role.AGENT, people.AGENT, "agents:queue", []
    for name in ("case", "ask_opinion", "refuse"):
        yield Role.AGENT, people.AGENT, f"agents:{name}", [_number(Status.IN_PROGRESS)]
    yield Role.PHYSICIAN, people.PHYSICIAN, "agents:opinions", []
    yield Role.PHYSICIAN, people.PHYSICIAN, "agents:opinion", [_number(Status.MEDICAL_OPINION)]
    yield Role.ACCOUNTANT, people.ACCOUNTANT, "agents:payments", []
    yield Role.ACCOUNTANT, people.ACCOUNTANT, "agents:order", [_paid()]
    yield Role.ACCOUNTANT, people.ACCOUNTANT, "agents:batches", []
    yield Role.SUPERVISOR, people.SUPERVISOR, "agents:board", []


def _number(status: Status) -> str:
    return Claim.objects.filter(status=status).order_by("pk").values_list("number", flat=True)[0]


def _paid() -> str:
    """Return the claim whose payment waits for its visa: claim and order bear the same number."""
    return PaymentOrder.objects.to_approve().values_list("reference", flat=True)[0]
