"""A family prepares its holidays: it finds the sheet of the country, and keeps it for where there is no network."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.mark.parametrize("phone", [True, False], ids=["on a phone", "on a desk"])
def test_a_sheet_is_found_shown_and_kept_offline(enter: Enter, tmp_path: Path, phone: bool) -> None:
    # Given somebody without an account who is about to leave for Morocco
    family = enter(phone=phone)
    family.goes_to("/fiches/")
    family.page.get_by_label("Pays ou territoire").fill("maroc")
    family.presses("Chercher")
    # When they open the sheet and choose why they go
    family.presses("Maroc")
    family.presses("Vacances")
    # Then they read their part, and the physician reads theirs
    family.reads("Qui paie")
    assert family.page.locator("[lang=ar][dir=rtl]").get_by_role("heading").is_visible()
    # And the file that they keep opens without any network
    with family.page.expect_download() as download:
        family.page.get_by_role("link", name="Télécharger pour l’avoir hors connexion").click()
    kept = tmp_path / "fiche.html"
    download.value.save_as(kept)
    family.page.context.set_offline(True)
    family.page.goto(kept.as_uri())
    family.looks_around()
    family.reads("Qui paie")
