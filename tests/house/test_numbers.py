"""A social security number is nowhere in clear: neither in the database, nor in messages, nor in what is logged."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.enrolment.models import Enrolment
from escale.domain.notices.models import PaperLetter
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.conftest import Work
from tests.domain.registry.conftest import HEADERS, NIR, PERSON
from tests.house.test_wall import dumped
from tests.web.access.reading import link_in, mails
from tests.web.agents.conftest import at_counter

SPACED = "2 55 08 14 168 025 38"
PLAIN_DIGESTS = [hashlib.new(name, NIR.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
WRITTEN = [written.encode() for written in (NIR[:13], SPACED[:18], *PLAIN_DIGESTS)]
"""With its key or without: a digest that anybody can make would tell it too."""
FILES = {
    "insured": [PERSON, PERSON.replace("1955-08-02", "2055-08-02"), PERSON.replace("38;", "39;")],
    "beneficiaries": [f"{NIR};child;d’Exemple;Zoé;2018-05-04;2018-05-04;2017-01-01"],
    "addresses": [f"{NIR};DOMINIQUE D’EXEMPLE|99999 ARMÉES;2020-01-01;"],
}


def left_anywhere(home: Path, logged: pytest.LogCaptureFixture) -> Iterator[bytes]:
    """What is left once somebody has passed: the database, messages, the files of the house, what is logged."""
    yield from dumped()
    yield from (mail.get_content().encode() for mail in mails(home))
    yield from (path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".csv")
    yield (home / "refus.csv").read_bytes()
    yield logged.text.encode()


def types_it_everywhere(client: Client, work: Work, home: Path) -> None:
    """Somebody asks for an account, and the Fund looks for them by their number."""
    said = {"nir": SPACED, "birth_name": "d’Exemple", "first_names": "Dominique", "day": 2, "month": 8, "year": 1955}
    client.post(reverse("access:create_ask"), said | {"email": "dominique@exemple.invalid"})
    work()
    client.get(link_in(home))
    client.post(reverse("access:confirm"))
    work()
    at_counter(factories.agent()).post(reverse("agents:find"), {"wanted": SPACED})
    at_counter(factories.actor(Role.COUNTER)).post(reverse("agents:counter"), {"wanted": NIR})
    typed = {"email": factories.agent().signatory.email, "nir": SPACED}
    at_counter(factories.actor(Role.SUPERVISOR)).post(reverse("agents:recusals"), typed)


@pytest.mark.django_db(transaction=True)
def test_the_number_of_somebody_passes_through_the_house_and_is_left_nowhere_in_clear(
    client: Client, work: Work, home: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    for kind, lines in FILES.items():
        (home / f"{kind}.csv").write_text("\n".join([HEADERS[kind], *lines, ""]), encoding="utf-8")
    call_command("import_registry", str(home))
    types_it_everywhere(client, work, home)

    person = InsuredPerson.objects.bearing(NIR).get()
    assert (person.nir, PaperLetter.objects.get().insured, person.recusals.count()) == (NIR, person, 1)
    assert Enrolment.objects.get().nir == NIR
    everything = list(left_anywhere(home, caplog))
    assert not [one for one in everything for written in WRITTEN if written in one]
    # the same search finds the digest, and the number where somebody would write it
    assert person.nir_digest.encode() in everything
    Enrolment.objects.update(birth_name=SPACED)
    assert SPACED.encode() in left_anywhere(home, caplog)
