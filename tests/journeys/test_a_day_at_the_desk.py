"""A day at the desk, hands on the keyboard: six claims, each of its own kind, from the queue and back to it."""

import re
from decimal import Decimal

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Claim, MedicalOpinion
from escale.rules import second_look
from tests import factories
from tests.journeys.conftest import Enter, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSWORD = "une phrase de passe bien longue"
FARTHEST = 150


@pytest.fixture
def scripts() -> bool:
    return True


class Keyboard:
    """Somebody who touches no mouse: they go from one control to the next, and press what they are on."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self._known = visitor, visitor.page, set[str]()

    def types(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def goes_on(self, *keys: str) -> None:
        """Press keys that lead to another page, and look around on those that were not seen before."""
        with self.page.expect_navigation():
            self.types(*keys)
        kind = re.sub(r"[0-9A-Z]{5}-[0-9A-Z]{5}|\d+", "_", self.page.url.partition("#")[0]) + self.page.title()[:12]
        if kind not in self._known:
            self._known.add(kind)
            self.visitor.looks_around()

    def reaches(self, name: str, *, within: str = "main") -> None:
        """Go forward until the control that is called so: its label, its words, or those that only some hear."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(_IS_ON, [name, within]):
                return
        raise AssertionError(f"{name} cannot be reached on {self.page.url}")

    def presses(self, name: str, *, within: str = "main") -> None:
        self.reaches(name, within=within)
        self.goes_on("Enter")

    def writes(self, name: str, text: str) -> None:
        self.reaches(name)
        self.page.keyboard.type(text)

    def retains(self, *acts: str) -> None:
        """Give each line that is not computed yet its act."""
        for act in acts:
            self.writes("Acte retenu", act)
            self.presses("Calculer")

    def takes_the_next(self, claim: Claim) -> None:
        """Take the next claim, and look at its papers."""
        self.goes_on("n")
        assert claim.number in self.page.url
        self.types("j", "k", "+", "r")
        assert "deg" in self.page.locator("[style*=turn]").first.get_attribute("style")


_IS_ON = """([name, within]) => {
  const on = document.activeElement;
  if (!on || !on.closest(within)) return false;
  const said = [...(on.labels ?? [])].map((label) => label.textContent).join(" ") || on.textContent;
  return said.replace(/\\s+/g, " ").trim().startsWith(name);
}"""


def complete(lines: int = 1) -> Claim:
    claim = factories.complete()
    for _ in range(lines - 1):
        factories.line(claim.bills.get(), amount=Decimal(40))
    return factories.received(claim=claim)


@pytest.mark.usefixtures("scanning")
def test_an_agent_treats_six_claims_without_a_mouse(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given six claims, and no lot that asks for a second look
    monkeypatch.setattr(second_look, "why", lambda *_args, **_known: None)
    accepted, reduced, incomplete, doubtful, refused, in_part = (complete(lines) for lines in (1, 2, 1, 1, 1, 2))
    visitor = enter()
    visitor.signs_in(factories.account(Role.AGENT, password=PASSWORD).email, PASSWORD)
    desk = Keyboard(visitor)

    # One is accepted
    desk.takes_the_next(accepted)
    desk.retains("G")
    desk.goes_on("d")
    desk.presses("Décider les lignes cochées")

    # Of the next, one line is refused, and the other paid back
    desk.takes_the_next(reduced)
    desk.presses("Refuser cette ligne")
    refuses(desk, "Refuser la ligne")
    desk.retains("G")
    desk.goes_on("d")
    desk.presses("Décider les lignes cochées")

    # A paper is asked for
    desk.takes_the_next(incomplete)
    desk.presses("Demander une pièce à l’assuré")
    desk.reaches("Toute autre pièce")
    desk.types("Enter")
    desk.reaches("Ordre de mission")
    desk.types("Space")
    desk.presses("Continuer")
    desk.presses("Demander cette pièce")
    desk.presses("Demandes à traiter")

    # A question is asked of the physicians
    desk.takes_the_next(doubtful)
    desk.presses("Demander un avis médical")
    desk.writes("Votre question", "Ces soins étaient-ils imprévus ?")
    desk.presses("Envoyer la question")

    # One is refused
    desk.takes_the_next(refused)
    desk.presses("Tout refuser")
    refuses(desk, "Refuser la demande")

    # And of the last, what is ready is paid
    desk.takes_the_next(in_part)
    desk.retains("G")
    desk.goes_on("d")
    desk.presses("Décider les lignes cochées")
    visitor.looks_around()

    # Then each is where it was led
    for claim in (accepted, reduced, incomplete, doubtful, refused, in_part):
        claim.refresh_from_db()
    assert (accepted.status, reduced.status, refused.status) == (Status.PROCESSED, Status.PROCESSED, Status.REFUSED)
    assert doubtful.status == Status.MEDICAL_OPINION
    assert MedicalOpinion.objects.get().claim == doubtful
    assert AskedPaper.objects.awaited().get().claim == incomplete
    assert in_part.status == Status.IN_PROGRESS
    assert in_part.decisions.standing().get().final is False


def refuses(desk: Keyboard, button: str) -> None:
    """Choose the first reason, and say why."""
    desk.reaches("Motif")
    desk.types("ArrowDown")
    desk.writes("Explication pour la personne", "La facture ne dit pas quel soin a été donné.")
    desk.presses(button)
