"""What an agent is told of a place and of a provider before deciding."""

import pytest
from django.test import Client

from tests import factories
from tests.web.agents.conftest import text


@pytest.mark.parametrize(
    ("territory", "provider", "told"),
    [
        ("SN", "CMIA de Dakar", "n’a pas déjà été payée en tiers payant"),
        ("XZ", "Médecin du bord", "quel que soit le pavillon"),
        ("XX", "Clinique", "indiquez où les soins ont été donnés avant de calculer"),
    ],
)
@pytest.mark.usefixtures("scanning")
def test_the_screen_says_what_to_look_at_before_deciding(
    desk: Client, territory: str, provider: str, told: str
) -> None:
    draft = factories.draft(territory=territory)
    factories.line(factories.bill(draft, provider=provider))
    factories.attachment(draft)
    claim = factories.received(claim=draft)
    assert told in text(desk.get(f"/gestion/demandes/{claim.number}/"))
