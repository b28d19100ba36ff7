"""A hat is proposed by one and given by another; an invitation serves once; a hat is taken back at once."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import staff
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Grant, Hat, PendingAddress, Role
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from tests import factories, supervised
from tests.conftest import Work
from tests.factors import protect
from tests.web.agents.conftest import at_counter

PASSWORD = "quatre chevaux au large de Brest"


@pytest.fixture
def first(db: None) -> Actor:
    return factories.actor(Role.SUPERVISOR)


@pytest.fixture
def second(db: None) -> Actor:
    return factories.actor(Role.SUPERVISOR)


def test_a_hat_is_given_by_another_than_who_proposed_it(first: Actor, second: Actor):
    agent = factories.insured().account
    grant = supervised.proposed_hat(Role.PHYSICIAN, to=agent, by=first)
    with pytest.raises(accounts.NotGiven):
        accounts.give(grant=grant, by=first)
    assert not agent.hats.filter(role=Role.PHYSICIAN).exists()
    accounts.give(grant=grant, by=second)
    assert agent.hats.filter(role=Role.PHYSICIAN).exists()
    with pytest.raises(accounts.NotGiven):
        accounts.decline(grant=grant, by=second)
    grant.refresh_from_db()
    assert (grant.proposed_by, grant.settled_by, grant.given) == (first.account, second.account, True)


def test_nobody_proposes_gives_or_withdraws_for_themselves(first: Actor, second: Actor):
    with pytest.raises(accounts.NotGiven):
        supervised.proposed_hat(Role.AUDITOR, to=second.account, by=second)
    grant = supervised.proposed_hat(Role.AUDITOR, to=second.account, by=first)
    for answer in (accounts.give, accounts.decline):
        with pytest.raises(accounts.NotGiven):
            answer(grant=grant, by=second)
    with pytest.raises(accounts.NotGiven):
        accounts.withdraw_hat(hat=second.signatory.hats.get(), reason=accounts.WithdrawalReason.MOVED, by=second)


@pytest.mark.parametrize("role", [Role.INSURED, Role.PARTNER, Role.SYSTEM, "", "roi"])
def test_only_the_hats_of_the_fund_are_given_so(first: Actor, role: str):
    with pytest.raises(accounts.NotGiven):
        accounts.propose_hat(email="n@exemple.invalid", name="N", role=role, why="", insured=False, by=first)
    assert Account.objects.count() == 1


def test_the_same_proposal_waits_once_and_a_hat_that_is_worn_is_not_proposed(first: Actor):
    grant = supervised.proposed_hat(by=first)
    with pytest.raises(accounts.NotGiven):
        accounts.propose_hat(
            email=staff.address(grant.account),
            name="",
            role=Role.AGENT,
            why="Encore",
            insured=False,
            by=factories.actor(Role.SUPERVISOR),
        )
    with pytest.raises(accounts.NotGiven):
        supervised.proposed_hat(Role.AGENT, to=factories.agent().account)


def test_an_account_that_waits_for_its_address_is_never_taken_for_a_colleague(first: Actor):
    stranger = Account.objects.create_account(email=None, password=PASSWORD, name="Autre", roles=(Role.INSURED,))
    PendingAddress.objects.create(account=stranger, address="chef@exemple.invalid")
    grant = accounts.propose_hat(
        email="chef@exemple.invalid", name="Chef", role=Role.AGENT, why="Affectation", insured=False, by=first
    )
    assert grant.account != stranger


@pytest.mark.django_db(transaction=True)
def test_who_is_invited_chooses_a_password_once_within_a_day(work: Work, frozen):
    first, second = factories.actor(Role.SUPERVISOR), factories.actor(Role.SUPERVISOR)
    grant = supervised.proposed_hat(by=first)
    work()
    assert not Notice.objects.exists()
    accounts.give(grant=grant, by=second)
    work()
    notice = Notice.objects.get(kind="staff_invited")
    address, visitor = "/invitation/", Client()
    assert visitor.get(address).status_code == 404
    assert visitor.get(f"/invitation/{notice.token}/").url == address
    assert "Gestionnaire" in visitor.get(address).text
    short = visitor.post(address, {"password": "trop court"})
    assert short.status_code == 200
    assert "<title>Erreur" in short.text
    assert visitor.post(address, {"password": PASSWORD}).status_code == 302
    account = Account.objects.get(pk=grant.account_id)
    assert (account.email, account.is_active, account.check_password(PASSWORD)) == (notice.address, True, True)
    assert visitor.get(address).status_code == 404
    assert visitor.post(address, {"password": f"{PASSWORD} bis"}).status_code == 404
    assert visitor.get("/gestion/").status_code == 302  # choosing a password opens nothing by itself
    work()

    protect(account)
    accounts.give(grant=accounts.propose_reset(account=account, why="Téléphone perdu", by=first), by=second)
    work()
    account = Account.objects.get(pk=account.pk)
    assert (account.is_active, account.has_usable_password(), hasattr(account, "totp")) == (False, False, False)
    link = f"/invitation/{Notice.objects.filter(kind='staff_invited').latest('pk').token}/"
    assert visitor.get(link, follow=True).status_code == 200
    frozen.shift(timedelta(hours=24, minutes=1))
    assert visitor.get(link, follow=True).status_code == 404


def test_a_hat_that_is_withdrawn_opens_nothing_at_the_next_page(first: Actor):
    agent = factories.agent()
    desk = at_counter(agent)
    assert desk.get("/gestion/").status_code == 200
    accounts.withdraw_hat(hat=agent.signatory.hats.get(), reason=accounts.WithdrawalReason.LEFT, by=first)
    assert desk.get("/gestion/").status_code == 403
    told = Entry.objects.get(event="hat.withdraw")
    assert told.facts == {"account": agent.signatory.pk, "role": "agent", "reason": "left"}


@pytest.mark.django_db
def test_the_first_two_supervisors_are_invited_from_the_machine_and_no_third():
    for rank in (1, 2):
        call_command("invite_supervisor", f"s{rank}@exemple.invalid", f"Superviseur {rank}")
    assert Hat.objects.filter(role=Role.SUPERVISOR).count() == 2
    with pytest.raises(CommandError):
        call_command("invite_supervisor", "s3@exemple.invalid", "Superviseur 3")
    assert Entry.objects.filter(event="hat.give").count() == 2
    assert not Grant.objects.exists()


def test_the_register_says_who_gave_what_and_takes_few_queries(
    first: Actor, second: Actor, django_assert_max_num_queries
):
    for _ in range(3):
        accounts.give(grant=supervised.proposed_hat(by=first), by=second)
    supervised.proposed_hat(by=first)
    desk = at_counter(second)
    with django_assert_max_num_queries(9):
        page = desk.get("/gestion/agents/").text
    assert page.count(f"proposée par {first.account}, donnée par {second.account}") == 3
    assert "invitation à accepter" in page


def test_a_closed_account_is_given_no_hat_and_what_waited_for_it_is_declined(first: Actor, second: Actor):
    account = factories.account(Role.INSURED)
    waiting = supervised.proposed_hat(to=account, by=first)
    accounts.close(account=account)
    waiting.refresh_from_db()
    assert (waiting.given, waiting.settled_by) == (False, None)
    late = supervised.proposed_hat(to=account, by=first)
    with pytest.raises(accounts.NotGiven):
        accounts.give(grant=late, by=second)
    late.refresh_from_db()
    assert late.given is None
    assert not account.hats.exists()


@pytest.mark.django_db(transaction=True)
def test_who_has_an_account_is_told_of_each_hat_given_and_taken_back(work: Work):
    first, second, account = factories.actor(Role.SUPERVISOR), factories.actor(Role.SUPERVISOR), factories.account()
    account.set_password(PASSWORD)
    account.save()
    accounts.give(grant=supervised.proposed_hat(Role.AUDITOR, to=account, by=first), by=second)
    accounts.withdraw_hat(hat=account.hats.get(), reason=accounts.WithdrawalReason.MOVED, by=first)
    accounts.give(grant=supervised.proposed_hat(Role.AUDITOR, to=account, by=first), by=second)
    work()
    letters = list(Notice.objects.filter(account=account).order_by("pk"))
    assert [letter.kind for letter in letters] == ["hat_withdrawn", "hat_given"]  # the first was gone when told
    assert all("Auditeur" in letter.body for letter in letters)
