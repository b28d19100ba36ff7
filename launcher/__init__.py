"""The two commands: `make run` starts the whole of Escale on a bare machine, `make test` tries it."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs an older one must be told
    sys.exit(f"Escale demande Python 3.11 ou plus récent (ici : {sys.version.split()[0]}).")
