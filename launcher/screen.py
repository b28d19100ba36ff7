"""What the person at the terminal reads: each step, its progress, its seconds."""

import shutil
import sys
import textwrap
import time
from types import TracebackType

MARGIN = "      "
QUIET_SECONDS = 5.0


class Trouble(Exception):
    """A step that failed, told in French to whoever must act: what is wrong, then what to do."""


class Step:
    """One step of the way: `with Step(1, of=6, what="…") as step: step.say("…")`."""

    def __init__(self, number: int, *, of: int, what: str) -> None:
        self.title = f"{number}/{of}  {what}"
        self.outcome = "fait"
        self.moving = sys.stdout.isatty()

    def __enter__(self) -> "Step":
        self.began = self.said_at = time.monotonic()
        print(f"  {self.title}", end="" if self.moving else "\n", flush=True)
        return self

    def say(self, progress: str = "") -> None:
        """Show what is being done now: at once on a terminal, once in a while in a file."""
        seconds = time.monotonic() - self.began
        if self.moving:
            room = shutil.get_terminal_size().columns - len(self.title) - 14
            print(f"\r\033[K  {self.title}  {seconds:3.0f} s  {progress[: max(room, 0)]}", end="", flush=True)
        elif time.monotonic() - self.said_at >= QUIET_SECONDS:
            self.said_at = time.monotonic()
            print(f"{MARGIN}{seconds:3.0f} s  {progress}", flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = french(time.monotonic() - self.began)
        outcome = self.outcome if kind is None else "interrompu" if kind is KeyboardInterrupt else "échec"
        start = f"\r\033[K  {self.title} : " if self.moving else MARGIN
        first, *rest = outcome.split("\n")
        print("\n".join([f"{start}{first} ({seconds} s)", *(f"{MARGIN}{line}" for line in rest)]), flush=True)


def indented(text: str) -> str:
    """Shift a text of several lines to the right, under its title."""
    return textwrap.indent(text, "    ")


def french(number: float) -> str:
    """Write a number with one decimal and a comma."""
    return f"{number:.1f}".replace(".", ",")
