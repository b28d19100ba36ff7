"""A physician is led to a counter of their own: another process, which alone opens what is sealed for physicians."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment
from launcher.home import CHECKOUT
from launcher.ports import is_free
from launcher.run import address, answers, web_command, without_medical_keys
from tests import factories
from tests.journeys.conftest import Visitor

PASSWORD = "mot de passe de test"


@contextmanager
def serving(port: int, environ: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(web_command(port, workers=1), env=environ, cwd=CHECKOUT)
    try:
        until = time.monotonic() + 60
        while not answers(port):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def counters(transactional_db: None, home: Path, vault_keys: tuple[Path, Path]) -> Iterator[tuple[str, str]]:
    """The addresses of the two counters, on the database and the files of the test."""
    ordinary, medical = [port for port in range(18_100, 18_200) if is_free(port)][:2]
    environ = {
        **os.environ,
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict),
        "ESCALE_HOME": str(home),
        "ESCALE_DEMO": "1",
        "ESCALE_URL": address(ordinary),
        "ESCALE_MEDICAL_URL": address(medical),
        "ESCALE_VAULT_KEYS": str(vault_keys[0]),
        "ESCALE_VAULT_MEDICAL_KEYS": str(vault_keys[1]),
    }
    with ExitStack() as both:
        both.enter_context(serving(ordinary, without_medical_keys(environ)))
        both.enter_context(serving(medical, environ))
        yield address(ordinary), address(medical)


@pytest.mark.usefixtures("scanning")
def test_the_physician_sees_at_their_counter_what_no_other_counter_can_open(
    counters: tuple[str, str], browser: Browser
):
    ordinary, medical = counters
    claim = factories.complete()
    sealed = factories.attachment(claim, paper="discharge_report", medical=True)
    factories.asked(factories.received(claim=claim))
    of_agents = f"{ordinary}/gestion/demandes/{claim.number}/pieces"
    account = factories.account(Role.PHYSICIAN, Role.AGENT, password=PASSWORD)
    visitor = Visitor(browser.new_context(locale="fr-FR"), ordinary, scripts=True)

    visitor.signs_in(account.email, PASSWORD)  # at the door of all
    assert visitor.page.url == f"{medical}/gestion/medical/"
    visitor.presses(claim.number)
    image = visitor.page.locator(f"img[src*='/pieces/{sealed.pk}/']")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth")

    visitor.page.get_by_role("button", name="Passer : Gestionnaire").click()
    visitor.page.wait_for_url(f"{ordinary}/gestion/")
    visitor.looks_around()
    bill = claim.attachments.get(paper="bill")
    assert visitor.page.request.get(f"{of_agents}/{bill.pk}/pages/1.jpg").ok
    assert visitor.page.request.get(f"{of_agents}/{sealed.pk}/pages/1.jpg").status == 404
    Attachment.objects.filter(pk=sealed.pk).update(medical=False)  # had somebody forced every other door
    assert visitor.page.request.get(f"{of_agents}/{sealed.pk}/pages/1.jpg").status == 404
    visitor.page.context.close()
