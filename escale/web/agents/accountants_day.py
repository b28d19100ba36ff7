"""What waits for an accountant: the first thing that they read, and where each is done."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.ledger import queries as ledger
from escale.domain.payments import accounts, balancing, queries
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import DiscrepancyStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder, Reimputation
from escale.rules.budgets import Budget

SOON = timedelta(minutes=5)
"""What leaves by itself has left within this long, unless something holds it."""


class Task(NamedTuple):
    """Something to do: how many times, for how much in euros where that means something, and where."""

    said: str
    address: str
    total: Decimal | None = None


def tasks(actor: Actor, *, to_send: Sequence[tuple[Budget, int, Decimal]]) -> list[Task]:
    """Return what this accountant may do now, in the order of a day; what waits for somebody else is not there."""
    return [*_on_their_way(actor, to_send), *_come_back(actor), *_in_the_books(actor)]


def _on_their_way(actor: Actor, to_send: Sequence[tuple[Budget, int, Decimal]]) -> Iterator[Task]:
    if actor.role == Role.ACCOUNTANT:
        waiting = queries.to_approve(actor=actor, filters=Filters()).order_by()
        visa = waiting.aggregate(n=Count("pk"), total=Sum("amount"))
        if visa["n"]:
            words = ngettext("%(n)d ordre à viser", "%(n)d ordres à viser", visa["n"])
            yield Task(words % visa, f"{reverse('agents:payments')}#orders", visa["total"])
    if to_send:
        count, total = sum(n for _budget, n, _sum in to_send), sum((one for *_which, one in to_send), Decimal(0))
        words = ngettext("%(n)d ordre à envoyer", "%(n)d ordres à envoyer", count)
        yield Task(words % {"n": count}, reverse("agents:batches"), total)
    to_prepare = accounts.payable(PaymentOrder.objects.to_send_by(actor, by_hand=True), today=timezone.localdate())
    if to_make := to_prepare.order_by().count() + Batch.objects.visible_to(actor).to_make().count():
        words = ngettext("%(n)d virement à faire à la main", "%(n)d virements à faire à la main", to_make)
        yield Task(words % {"n": to_make}, reverse("agents:batches"))
    if to_sign := Batch.objects.to_sign_by(actor).count():
        words = ngettext("%(n)d lot à signer", "%(n)d lots à signer", to_sign)
        yield Task(words % {"n": to_sign}, reverse("agents:batches"))
    if held := Batch.objects.visible_to(actor).late(since=timezone.now() - SOON).count():
        words = ngettext("%(n)d lot retenu", "%(n)d lots retenus", held)
        yield Task(words % {"n": held}, reverse("agents:batches"))


def _come_back(actor: Actor) -> Iterator[Task]:
    if back := PaymentOrder.objects.within_reach_of(actor).came_back().count():
        words = ngettext("%(n)d virement revenu", "%(n)d virements revenus", back)
        yield Task(words % {"n": back}, reverse("agents:bank_files"))
    if silent := balancing.unanswered(actor=actor).order_by().count():
        words = ngettext("%(n)d virement sans réponse", "%(n)d virements sans réponse", silent)
        yield Task(words % {"n": silent}, reverse("agents:unanswered"))
    explained = Q(status=DiscrepancyStatus.PROPOSED, proposed_by=actor.account)
    if apart := Discrepancy.objects.visible_to(actor).open().exclude(explained).count():
        words = ngettext("%(n)d écart à rapprocher", "%(n)d écarts à rapprocher", apart)
        yield Task(words % {"n": apart}, reverse("agents:discrepancies"))


def _in_the_books(actor: Actor) -> Iterator[Task]:
    moves = Reimputation.objects.visible_to(actor).waiting().exclude(proposed_by=actor.account)
    if count := moves.count():
        words = ngettext("%(n)d réimputation à confirmer", "%(n)d réimputations à confirmer", count)
        yield Task(words % {"n": count}, reverse("agents:budgets"))
    over = ledger.not_closed().filter(first_on__lt=timezone.localdate().replace(day=1)).order_by("first_on")
    months = [month for month in over if not month.belongs_to(actor.signatory)]
    if months:
        words = ngettext("%(n)d mois à clore", "%(n)d mois à clore", len(months))
        first = reverse("agents:close_month", args=[f"{months[0].first_on:%Y-%m}"])
        yield Task(words % {"n": len(months)}, first)
