"""Somebody who touches no mouse: they go from one control to the next, and press what they are on."""

import re
from datetime import date

from playwright.sync_api import expect

from escale.domain.accounts.models import Account, Role
from tests import factories, factors
from tests.journeys.conftest import Enter, Visitor

PASSWORD = "une phrase de passe bien longue"
FARTHEST = 150


class Keyboard:
    """Hands on the keys; each kind of page is looked around once, axe included."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.kinds = visitor, visitor.page, set[str]()

    def signs_in(self, account: Account) -> None:
        """Come in at the door, with the second proof that a hat of the Fund wants."""
        self.visitor.goes_to("/connexion/")
        self.writes("Adresse e-mail", account.email or "")
        self.writes("Mot de passe", PASSWORD)
        self.goes_on("Enter")
        self.writes("Code", factors.code(account))
        self.goes_on("Enter")

    def goes_to(self, path: str) -> None:
        """Type an address, as one may in any browser."""
        self.page.goto(f"{self.visitor.address}{path}")
        self._looks_once()

    def types(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def goes_on(self, *keys: str) -> None:
        """Press keys that lead to another page."""
        with self.page.expect_navigation():
            self.types(*keys)
        self._looks_once()

    def reaches(self, name: str, *, within: str = "main", after: str = "") -> None:
        """
        Go forward until the control that is called so: its label, its words, or those that only some hear.

        `after`: words of the section, of the line or of the paper in which it is.
        """
        for _ in range(FARTHEST):
            self.types("Tab")
            if self.page.evaluate(_IS_ON, [name, within, after]):
                return
        raise AssertionError(f"{name} cannot be reached on {self.page.url}")

    def presses(self, name: str, *, within: str = "main", after: str = "") -> None:
        self.reaches(name, within=within, after=after)
        self.goes_on("Enter")

    def opens(self, name: str) -> None:
        """Unfold what is folded under these words."""
        self.reaches(name)
        self.types("Enter")

    def writes(self, name: str, text: str, *, after: str = "") -> None:
        """Write in a field, in the place of what was there."""
        self.reaches(name, after=after)
        self.types("Control+a")
        self.page.keyboard.type(text)

    def ticks(self, name: str) -> None:
        self.reaches(name)
        self.types("Space")

    def picks(self, name: str, words: str) -> None:
        """Choose, in a list, what begins by these words."""
        self.reaches(name)
        for _ in range(FARTHEST):
            if self.page.evaluate("document.activeElement.selectedOptions[0].text").startswith(words):
                return
            self.types("ArrowDown")
        raise AssertionError(f"{name} does not offer {words}")

    def dates(self, name: str, day: date) -> None:
        """Type a day in a calendar's field, in the order in which the browser has its parts."""
        self.reaches(name)
        for order in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.type(f"{day:{order}}")
            if self.page.evaluate("document.activeElement.value") == f"{day}":
                return
            self.types(*["ArrowLeft"] * 3)
        raise AssertionError(f"{name} takes no day")

    def reads(self, *words: str) -> None:
        """Check that the page says this."""
        said = " ".join(self.page.locator("main").inner_text().split())
        for one in words:
            assert one in said, (one, said)

    def waits(self) -> None:
        """Wait until the page does not go on by itself any more: one that does would cut the way to another."""
        expect(self.page.locator("meta[http-equiv=refresh]")).to_have_count(0)

    def _looks_once(self) -> None:
        kind = re.sub(r"[0-9A-Z]{5}-[0-9A-Z]{5}|\d+", "_", self.page.url.partition("#")[0]) + self.page.title()[:12]
        if kind not in self.kinds:
            self.kinds.add(kind)
            self.visitor.looks_around()


def arrives(enter: Enter, role: Role) -> Keyboard:
    """Somebody of the Fund comes in under this hat."""
    desk = Keyboard(enter())
    desk.signs_in(factories.account(role, password=PASSWORD))
    return desk


_IS_ON = """([name, within, after]) => {
  const on = document.activeElement;
  if (!on || !on.closest(within)) return false;
  if (after && !on.closest("article, section, li, tr, form")?.textContent.includes(after)) return false;
  const said = [...(on.labels ?? [])].map((label) => label.textContent).join(" ") || on.textContent;
  return said.replace(/\\s+/g, " ").trim().startsWith(name);
}"""
