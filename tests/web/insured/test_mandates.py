"""« Agir au nom de » at the counter: given, accepted, taken up, and taken back while somebody acts."""

import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import time_machine
from django.test import Client
from django.urls import get_resolver, reverse

from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.mandates import actions
from escale.domain.mandates.acts import Act
from escale.domain.mandates.models import Mandate
from tests import factories, factors
from tests.domain.mandates import mandates
from tests.domain.mandates.mandates import oneself
from tests.web.insured.conftest import proved, signed_in, text, title

PAGE, HOME = reverse("insured:mandates"), reverse("insured:home")
PASSWORD = "trois mots bien à elle"


def browser_of(account: Account | None) -> Client:
    """The browser of somebody who has no hat and only acts for others."""
    client = Client()
    client.force_login(account)
    return client


def _signed_in(account: Account) -> Client:
    return signed_in(type("Somebody", (), {"account": account}))


def acting(mandate: Mandate) -> Client:
    client = _signed_in(mandate.delegate) if mandate.delegate.hats.exists() else browser_of(mandate.delegate)
    assert client.post(reverse("insured:act", args=[mandate.pk])).url == HOME
    return client


def typed(**traits: object) -> dict[str, object]:
    words = {"name": "Lou Exemple", "address": "lou@exemple.invalid", "tie": "spouse", "acts": ["prepare", "send"]}
    days = {"valid_from": "2026-09-15", "valid_until": "2027-02-28"}
    return words | days | {"agreed": "on", "request_key": uuid4()} | traits


def test_a_mandate_is_given_by_whoever_has_just_proved_who_they_are(visitor, person):
    asked = text(visitor.post(reverse("insured:give_mandate"), typed()))
    assert "Prouvez que c’est bien vous" in asked
    factors.protect(person.account)
    proved(visitor, "password_at")
    assert visitor.get(reverse("insured:give_mandate")).url == reverse("access:prove")
    assert not Mandate.objects.exists()


def test_a_mandate_is_given_once_and_its_last_day_is_part_of_it(visitor, person):
    words = typed()
    proved(visitor, "password_at")
    for _ in range(2):
        assert visitor.post(reverse("insured:give_mandate"), words).url == PAGE
    mandate = Mandate.objects.get()
    assert (str(mandate.valid_until), mandate.acts) == ("2027-03-01", ["follow", "prepare", "send"])
    page = text(visitor.get(PAGE))
    assert "Du 15 septembre 2026 au 28 février 2027 inclus" in page
    assert "Retirer ce mandat" in page


def test_a_mandate_without_ones_agreement_or_in_the_past_is_refused_beside_its_field(visitor):
    proved(visitor, "password_at")
    for words, said in [
        (typed(agreed=""), "Cochez la case pour donner votre accord."),
        (typed(valid_from="2026-09-01"), "Ce jour est passé"),
        (typed(valid_until="2029-01-01"), "deux ans au plus"),
    ]:
        page = visitor.post(reverse("insured:give_mandate"), words)
        assert title(page).startswith("Erreur :")
        assert said in text(page)
        assert "lou@exemple.invalid" in text(page)
    assert not Mandate.objects.exists()


def test_every_page_says_in_whose_name_one_acts_and_the_story_too(person):
    mandate = mandates.accepted(person)
    client, claim = acting(mandate), factories.complete(person)
    for name in ("home", "claims"):
        page = text(client.get(reverse(f"insured:{name}")))
        assert "Vous agissez au nom de Alix Exemple" in page
        assert "jusqu’au 28 février 2027" in page
    client.post(reverse("insured:review", args=[claim.number]), {"certified": "on"})
    page = text(client.get(reverse("insured:claim", args=[claim.number])))
    assert "La demande a été envoyée" in page
    assert "Par Lou Exemple, au nom de Alix Exemple." in page
    assert "Lou Exemple, au nom de Alix Exemple" in text(client.get(reverse("insured:receipt", args=[claim.number])))
    entry = Entry.objects.get(event="claim.submit")
    assert (entry.actor, entry.facts["mandate"]) == (mandate.delegate, mandate.pk)
    client.post(reverse("insured:stop_acting"))
    assert client.get(HOME).status_code in {302, 403}


def test_what_the_mandate_does_not_hold_is_neither_offered_nor_done(person):
    mandate = mandates.accepted(person, acts=[Act.FOLLOW])
    client, claim = acting(mandate), factories.complete(person)
    assert "Nouvelle demande" not in text(client.get(HOME))
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2025-09-01", "request_key": uuid4()}
    for answer in (
        client.post(reverse("insured:new_claim"), stay),
        client.post(reverse("insured:review", args=[claim.number]), {"certified": "on"}),
        client.get(reverse("insured:bills", args=[claim.number])),
    ):
        assert answer.status_code == 403
        assert "Le mandat que vous avez reçu ne permet pas cet acte" in answer.content.decode()
    assert list(Claim.objects.values_list("status", flat=True)) == ["draft"]


def test_the_next_request_after_it_is_taken_back_is_refused_and_what_was_typed_is_shown(person):
    mandate = mandates.accepted(person)
    client = acting(mandate)
    actions.revoke(mandate=mandate, by=oneself(person.account))
    words = {"text": "Djibouti en septembre"}
    answer = client.post(reverse("insured:claims"), words)
    assert answer.status_code == 403
    assert "Ce mandat a pris fin" in answer.content.decode()
    assert "Djibouti en septembre" in answer.content.decode()
    assert client.get(HOME).status_code == 403
    assert "Vous aidez" in text(client.get(PAGE))


def test_one_minute_after_its_last_day_nothing_more_is_done(person, frozen: time_machine.Traveller):
    mandate = mandates.accepted(person)
    paris = ZoneInfo("Europe/Paris")
    frozen.move_to(datetime(2027, 2, 28, 23, 58, tzinfo=paris))
    client = acting(mandate)
    assert client.get(HOME).status_code == 200
    frozen.shift(timedelta(minutes=3))
    assert client.get(HOME).status_code == 403


def test_putting_on_a_hat_ends_acting_for_another(person):
    helper = factories.account(Role.INSURED)
    mandate = mandates.accepted(person, by=helper)
    client = acting(mandate)
    client.post(reverse("access:change_hat"), {"hat": "insured"})
    assert "Vous agissez au nom de" not in text(client.get(HOME))


def test_a_mandate_opens_the_pages_of_claims_and_no_other():
    opened = set()
    for pattern in next(one for one in get_resolver().url_patterns if one.pattern._route == "mon-compte/").url_patterns:
        if not getattr(pattern.callback, "oneself", True):
            opened.add(str(pattern.pattern))
    known = re.compile(r"$|demandes/|decomptes/|recours/|sommes-reclamees/|mandats/cesser/")
    assert [one for one in opened if not known.match(one)] == []


def test_what_was_typed_in_one_name_never_lands_in_the_file_of_another(person):
    mandate = mandates.accepted(factories.insured(), by=person.account)
    client = _signed_in(person.account)
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2025-09-01", "request_key": uuid4()}
    new = reverse("insured:new_claim")
    assert 'name="whose" value=""' in text(client.get(new))
    client.post(reverse("insured:act", args=[mandate.pk]))
    assert f'name="whose" value="{mandate.pk}"' in text(client.get(new))
    for whose, there, said in [
        ("", reverse("insured:stop_acting"), "Vous agissiez en votre nom"),
        (str(mandate.pk), reverse("insured:act", args=[mandate.pk]), "Vous agissiez au nom de Alix Exemple"),
    ]:
        answer = client.post(new, stay | {"whose": whose})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert said in page
        assert not Claim.objects.exists()
        kept = re.search(r'name="typed" value="([^"]+)"', page).group(1)
        assert "Djibouti" in text(client.post(there, {"typed": kept}))
    assert client.post(new, stay | {"whose": str(mandate.pk)}).status_code == 302
    assert Claim.objects.get().insured == mandate.principal


def test_what_was_typed_in_a_name_that_was_never_ones_own_is_refused_and_shown(person):
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2025-09-01", "request_key": uuid4()}
    client, other = _signed_in(person.account), mandates.accepted()
    for whose in (other.pk, "x", "9" * 40):
        answer = client.post(reverse("insured:new_claim"), stay | {"whose": whose})
        assert answer.status_code == 403
        assert "Djibouti" in answer.content.decode()
    assert not Claim.objects.exists()


def test_who_works_at_the_fund_answers_a_mandate_in_their_own_name(person):
    agent = factories.account(Role.AGENT)
    mandate, client = mandates.offered(person, to=agent.email), browser_of(agent)
    assert client.get(PAGE).status_code == 302
    session = client.session
    session["hat"] = Role.AGENT.value
    session.save()
    assert "Mandataire" in text(client.get(PAGE))
    client.post(reverse("insured:accept_mandate", args=[mandate.pk]))
    assert client.post(reverse("insured:act", args=[mandate.pk])).url == HOME
    assert "Vous agissez au nom de Alix Exemple" in text(client.get(HOME))
    assert client.get(reverse("insured:data")).status_code == 403


def test_an_address_to_renew_from_that_nobody_drew_opens_an_empty_page(visitor):
    assert proved(visitor, "password_at").get(reverse("insured:give_mandate") + "?comme=123456789x").status_code == 200


def test_who_only_helps_may_pause_as_long_and_gets_back_what_they_typed(person, frozen: time_machine.Traveller):
    helper = factories.account(name="Lou Exemple", password=PASSWORD)
    mandate, known = mandates.accepted(person, by=helper), {"email": helper.email, "password": PASSWORD}
    client = Client()
    assert client.post("/connexion/", known).url == "/mon-espace/"
    client.post(reverse("insured:act", args=[mandate.pk]))
    frozen.shift(timedelta(minutes=29))
    page = text(client.get(reverse("insured:new_claim")))
    frozen.shift(timedelta(minutes=31))
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2025-09-01", "request_key": uuid4()}
    whose = re.search(r'name="whose" value="(\d+)"', page).group(1)
    asked = text(client.post(reverse("insured:new_claim"), stay | {"whose": whose}))
    kept = re.search(r'name="typed" value="([^"]+)"', asked).group(1)
    assert "Djibouti" in text(client.post("/connexion/", known | {"typed": kept}))
    assert client.post("/connexion/?suite=/mon-compte/mandats/", known).url == PAGE
