"""How every command begins and ends: in the checkout, stopped politely, its troubles told without a traceback."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from launcher import children, home
from launcher.screen import Trouble, indented

INTERRUPTED = 130


def enter(action: Callable[[list[str]], int]) -> NoReturn:
    """Run a command on its arguments and leave with its exit code."""
    os.chdir(home.CHECKOUT)
    children.end_with_make()
    children.stop_on_signals()
    try:
        code = action(sys.argv[1:])
    except Trouble as trouble:
        sys.stdout.flush()
        print(f"\n{indented(str(trouble))}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
