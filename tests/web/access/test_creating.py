"""Asking for an account: the same answer for everybody, no link that opens a door, no page that tells its address."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escale.domain.accounts.models import Account, Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.models import Enrolment
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice, PaperLetter
from escale.jobs import enrolling as enrolling_tasks
from tests import enrolling, factories, factors
from tests.conftest import Work
from tests.web.access.reading import code_of, link_in, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]
ASK, CONFIRM, REDEEM = (reverse(f"access:{name}") for name in ("create_ask", "confirm", "redeem"))
ADOPT, PROOF = reverse("access:adopt"), reverse("access:second_factor")


def typed(person, **said):
    born = person.born_on
    truth = {"nir": person.nir, "birth_name": person.birth_name, "first_names": person.first_names,
             "day": born.day, "month": born.month, "year": born.year, "email": "alix@exemple.invalid"}  # fmt: skip
    return truth | said


def test_from_the_form_to_the_account(client: Client, work: Work, home: Path):
    person = enrolling.newcomer()
    assert client.post(ASK, typed(person)).url == reverse("access:create_asked")
    work()
    answer = client.get(link_in(home))
    assert (answer.status_code, answer.url) == (302, CONFIRM)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.post(CONFIRM).url == reverse("access:confirmed")
    work()
    entered = {
        "email": "alix@exemple.invalid",
        "code": code_of(PaperLetter.objects.get()),
        "password": enrolling.PASSWORD,
    }
    assert client.post(REDEEM, entered, follow=True).redirect_chain[-1][0] == reverse("insured:home")
    person.refresh_from_db()
    assert person.account.email == "alix@exemple.invalid"
    work()
    assert "Votre compte CNMSS est ouvert" in [mail["Subject"] for mail in mails(home)]


def test_an_agent_takes_their_own_file_into_the_account_they_have(client: Client, work: Work, home: Path):
    person, agent = enrolling.newcomer(), factories.account(Role.AGENT, password="quatre mots sans histoire")
    client.post(ASK, typed(person, email=agent.email))
    work()
    client.get(link_in(home))
    client.post(CONFIRM)
    work()
    entered = {"email": agent.email, "code": code_of(PaperLetter.objects.get()), "password": enrolling.PASSWORD}
    answer = client.post(REDEEM, entered, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("access:sign_in", query={"suite": ADOPT})
    assert not person.__class__.objects.filter(pk=person.pk, account__isnull=False)
    assert client.get(reverse("access:join")).status_code == 400  # nobody came by FranceConnect
    client.post(answer.redirect_chain[-1][0], {"email": agent.email, "password": "quatre mots sans histoire"})
    assert client.post(PROOF, {"code": factors.code(agent)})["Location"] == ADOPT
    assert f"Votre code est celui de <strong>{person}" in client.get(ADOPT).content.decode()
    client.post(ADOPT)
    person.refresh_from_db()
    assert person.account == agent
    assert client.get(reverse("insured:home")).status_code == 200


def test_the_answer_is_byte_for_byte_the_same_whoever_asks(client: Client, work: Work):
    known, has_one = enrolling.newcomer(), factories.insured()
    asked = [
        typed(known),
        typed(known, birth_name="Autre"),
        typed(known, nir="2 55 08 14 168 025 38"),
        typed(has_one),
        typed(known, email=has_one.account.email),
    ]
    answers, counts = set(), set()
    for said in asked:
        alone = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = alone.post(ASK, said)
        counts.add(len(queries))
        page = alone.get(answer.url)
        answers.add((answer.status_code, answer.url, page.content, frozenset(page.cookies)))
        work()
    assert len(answers) == 1
    assert len(counts) == 1


def test_what_is_said_of_the_form_tells_nothing_of_the_registry(client: Client):
    page = client.post(ASK, {"nir": "185038313000199", "day": "31", "month": "2", "year": "1985", "email": "x"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Erreur" in text
    assert "La clé (les 2 derniers chiffres) ne correspond pas" in text
    assert "Ce jour n’existe pas" in text
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("parts", "born"), [(("", "", "1960"), "1960-00-00"), (("", "7", "1960"), "1960-07-00"), (("1", "", "1960"), None)]
)
def test_a_day_or_a_month_that_nobody_knows_is_left_empty(client: Client, parts, born):
    said = dict(zip(("day", "month", "year"), parts, strict=True))
    client.post(ASK, typed(enrolling.newcomer(), **said))
    assert [one.born for one in Enrolment.objects.all()] == ([born] if born else [])


def test_reading_the_message_confirms_nothing_by_itself(client: Client, work: Work, home: Path):
    client.post(ASK, typed(enrolling.newcomer()))
    work()
    Client().get(link_in(home))
    assert Enrolment.objects.get().status == "asked"


def test_a_link_serves_once_and_for_a_day(client: Client, work: Work, home: Path, frozen):
    client.post(ASK, typed(enrolling.newcomer()))
    work()
    link = link_in(home)
    client.get(link)
    client.post(CONFIRM)
    again = Client()
    again.get(link)
    assert "n’est plus valable" in again.get(CONFIRM).content.decode()
    assert again.post(CONFIRM).url == client.post(CONFIRM).url == reverse("access:confirmed")
    assert Entry.objects.filter(event="enrolment.confirm").count() == 1
    client.post(ASK, typed(enrolling.newcomer(), email="autre@exemple.invalid"))
    work()
    late = link_in(home)
    frozen.shift(timedelta(hours=24, seconds=1))
    stranger = Client()
    stranger.get(late)
    assert "n’est plus valable" in stranger.get(CONFIRM).content.decode()


@pytest.mark.parametrize("token", ["x", "MQ:1abc:zzz", "..%2F..", "%00"])
def test_a_link_that_was_made_up_opens_the_page_of_links_that_have_had_their_time(client: Client, token):
    answer = client.get(f"/creer-mon-compte/confirmer/{token}/", follow=True)
    assert "n’est plus valable" in answer.content.decode() or answer.status_code == 404


def test_a_link_of_one_kind_is_none_of_the_other(client: Client, work: Work, home: Path):
    client.post(ASK, typed(enrolling.newcomer()))
    work()
    token = link_in(home).rstrip("/").rpartition("/")[2]
    answer = client.get(reverse("access:recover_follow", args=[token]), follow=True)
    assert "Ce lien n’est plus valable" in answer.content.decode()


def test_links_lead_to_our_own_address_whatever_host_was_asked_for(work: Work, home: Path, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client(headers={"host": "pirate.example"}).post(ASK, typed(enrolling.newcomer()))
    work()
    (mail,) = mails(home)
    assert "pirate" not in mail.get_content()
    assert settings.PUBLIC_URL in mail.get_content()


def test_the_owner_of_an_account_is_told_that_they_have_one(client: Client, work: Work, home: Path):
    owner = factories.insured().account
    client.post(ASK, typed(enrolling.newcomer(), email=owner.email))
    work()
    (mail,) = mails(home)
    assert (mail["To"], mail["Subject"]) == (owner.email, "Votre adresse e-mail sert déjà à un compte CNMSS")


def test_nobody_is_flooded_nor_starved_by_what_others_type(client: Client, work: Work, home: Path, frozen):
    for number in range(6):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(ASK, typed(enrolling.newcomer()))
    client.post(ASK, typed(mine := enrolling.newcomer()))
    work()
    (mail,) = mails(home)
    client.get(link_in(home))
    assert "Laquelle est la vôtre" in client.get(CONFIRM).content.decode()
    assert "Choisissez votre demande" in client.post(CONFIRM).content.decode()
    client.post(CONFIRM, {"number": Enrolment.objects.get(nir_digest=mine.nir_digest).number})
    assert client.post(CONFIRM).url == reverse("access:confirmed")
    work()
    assert PaperLetter.objects.get().insured == mine
    frozen.shift(timedelta(hours=24))
    client.post(ASK, typed(mine))
    work()
    assert len(mails(home)) == 2


def test_one_place_asks_so_many_times_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(enrolments, "PER_PLACE", 3)
    person = enrolling.newcomer()
    for number in range(3):
        assert client.post(ASK, typed(person, email=f"a{number}@exemple.invalid")).status_code == 302
    refused = client.post(ASK, typed(person))
    assert refused.status_code == 429
    assert "alix@exemple.invalid" in refused.content.decode()
    assert Client(REMOTE_ADDR="192.0.2.77").post(ASK, typed(person)).status_code == 302


def test_one_address_has_three_codes_a_month_posted_and_uses_up_nobody_elses(work: Work, home: Path, frozen):
    person = enrolling.newcomer()
    for _ask in range(4):
        enrolling.confirmed(person, email="ex-conjoint@exemple.invalid")
    enrolling.confirmed(person)
    work()
    assert PaperLetter.objects.count() == 3 + 1
    frozen.shift(timedelta(days=30, seconds=1))
    enrolling_tasks.post_waiting()
    assert PaperLetter.objects.count() == 3 + 1 + 1


def test_without_an_address_a_letter_leaves_when_one_is_known_and_the_counter_may_help_before(work: Work):
    person = enrolling.newcomer(address="")
    enrolling.confirmed(person)
    work()
    enrolling_tasks.post_waiting()
    assert not PaperLetter.objects.exists()
    assert Enrolment.objects.get().status == "recognised"
    person.addresses.create(lines=enrolling.ADDRESS, valid_from=person.born_on)
    enrolling_tasks.post_waiting()
    enrolling_tasks.post_waiting()
    assert PaperLetter.objects.get().insured == person


def test_who_lost_their_address_comes_back_by_another_and_the_old_one_is_told(client: Client, work: Work, home: Path):
    person = factories.insured(password="un vieux mot de passe")
    old = person.account.email
    person.addresses.create(lines=enrolling.ADDRESS, valid_from=person.born_on)
    client.post(ASK, typed(person))
    work()
    client.get(link_in(home))
    client.post(CONFIRM)
    work()
    assert [(mail["To"], mail["Subject"]) for mail in mails(home)][1:] == [
        (old, "Quelqu’un demande l’accès à votre compte CNMSS avec une autre adresse")
    ]
    entered = {"code": code_of(PaperLetter.objects.get()), "password": enrolling.PASSWORD}
    refused = client.post(REDEEM, {"email": "alix@exemple.invalid", **entered})
    assert "ne vont pas ensemble" in refused.content.decode()
    client.post(reverse("access:recover"), {"email": "alix@exemple.invalid"})
    work()
    client.get(link_in(home))
    assert "J’ai reçu mon code" in client.get(reverse("access:restore")).content.decode()
    given = {f"courrier-{name}": value for name, value in entered.items()}
    assert client.post(reverse("access:come_back"), given, follow=True).redirect_chain[-1][0] == reverse("insured:home")
    person.account.refresh_from_db()
    assert person.account.email == "alix@exemple.invalid"
    work()
    told = [(mail["To"], mail["Subject"]) for mail in mails(home)]
    assert (old, "L’adresse e-mail de votre compte a changé") in told
    assert ("alix@exemple.invalid", "L’accès à votre compte CNMSS vous a été rendu") in told


@pytest.mark.parametrize("wrong", ["email", "code", "age"])
def test_a_code_is_refused_in_the_same_words_whatever_is_wrong(client: Client, frozen, wrong):
    enrolment, code = enrolling.coded()
    entered = {"email": enrolment.email, "code": code, "password": enrolling.PASSWORD}
    if wrong == "age":
        frozen.shift(timedelta(days=31))
    else:
        entered[wrong] = "autre@exemple.invalid" if wrong == "email" else "ABCD-EFGH-JKLM"
    page = client.post(REDEEM, entered)
    assert "Cette adresse et ce code ne vont pas ensemble, ou le code ne sert plus" in page.content.decode()
    assert code not in re.sub(r'value="[^"]*"', "", page.content.decode())
    assert not Account.objects.filter(email=enrolment.email).exists()
    assert not Notice.objects.filter(kind="account_opened").exists()


def test_a_session_that_a_stranger_prepared_does_not_become_the_owners(client: Client, settings):
    client.get(reverse("access:create_follow", args=["x"]))
    enrolment, code = enrolling.coded()
    session = client.session
    session["prepared"] = True
    session.save()
    prepared = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = prepared
    client.post(REDEEM, {"email": enrolment.email, "code": code, "password": enrolling.PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != prepared


def test_a_form_that_comes_from_elsewhere_is_refused():
    enrolment, code = enrolling.coded()
    said = {"email": enrolment.email, "code": code, "password": enrolling.PASSWORD}
    assert Client(enforce_csrf_checks=True).post(REDEEM, said).status_code == 403
