"""The bank accounts whose holder nobody knows, at the counter."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import Protection, Reading
from tests import factories
from tests.house.lives_of_accounts import declared
from tests.web.agents.conftest import at_counter, text

PAGE = reverse("agents:accounts")


def hall() -> Client:
    return at_counter(factories.actor(Role.COUNTER))


@pytest.mark.parametrize(("given", "status", "said"), [
    ("accept", AccountStatus.KNOWN, "Compte accepté"),
    ("refuse", AccountStatus.REFUSED, "Compte écarté"),
    ("", AccountStatus.TO_CHECK, "Sacha Ailleurs"),
])  # fmt: skip
def test_an_account_is_looked_at_by_its_last_four_then_accepted_or_set_aside(given, status, said) -> None:
    account, counter = declared(), hall()
    page = text(counter.get(PAGE))
    assert "Sacha Ailleurs" in page
    assert "FR•• •••• 2606" in page
    assert account.iban not in page
    assert Reading.objects.filter(insured=account.insured).exists()
    answered = counter.post(reverse("agents:answer_account", args=[account.pk]), {"answer": given}, follow=True)
    assert said in text(answered)
    account.refresh_from_db()
    assert account.status == status


def test_that_of_a_protected_file_is_shown_to_nobody_there() -> None:
    account = declared()
    Protection.objects.create(insured=account.insured, reason="exposed", set_by=factories.account(Role.SUPERVISOR))
    counter = hall()
    assert "Aucun compte n’attend" in text(counter.get(PAGE))
    assert counter.post(reverse("agents:answer_account", args=[account.pk])).status_code == 404
