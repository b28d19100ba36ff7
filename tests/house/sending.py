"""How a page sends its request: who sends, under which hat, and what was typed or joined."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Claim
from tests import factories


@dataclass(frozen=True)
class Sending:
    """A request that one person sends, as often as asked, and the hat they wear."""

    account: Account
    role: Role
    send: Callable[[Client], HttpResponse]


def form(who: Account | None, role: Role, route: str, /, *held: object, **typed: Any) -> Sending:
    address = reverse(route, args=held)
    return Sending(who or factories.account(role), role, lambda client: client.post(address, typed))


def own(claim: Claim, route: str, *held: object, **typed: Any) -> Sending:
    return form(claim.insured.account, Role.INSURED, route, claim.number, *held, **typed)


def file(claim: Claim, route: str, *held: object, **typed: Any) -> Sending:
    return joined(claim.insured.account, route, claim.number, *held, **typed)


def joined(who: Account, route: str, *held: object, place: str = "files", **typed: Any) -> Sending:
    address, content = reverse(route, args=held), factories.pdf()

    def send(client: Client) -> HttpResponse:
        files = [SimpleUploadedFile("facture.pdf", content, "application/pdf")]
        return client.post(address, typed | {place: files})

    return Sending(who, Role.INSURED, send)


def proved(sending: Sending) -> Sending:
    """The same, sent by whoever has just given a second proof."""

    def send(client: Client) -> HttpResponse:
        session = client.session
        session["second_factor_at"] = int(time.time())
        session.save()
        return sending.send(client)

    return Sending(sending.account, sending.role, send)
