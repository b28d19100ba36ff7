"""Under which account the services run: our own, or « nobody » when we are root.

PostgreSQL refuses to run as root, and a scanner of hostile files had better not. But « nobody » may not enter every
folder (/root is closed to it), so each service is lodged where its account can live.
"""

import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ELSEWHERE = Path("/var/lib/escale")


def dropped() -> dict[str, Any]:
    """Return the arguments that make `subprocess` run under the account of the services."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def allowed(*command: str | Path) -> bool:
    """Tell whether the account of the services can run this command, and it ends well."""
    try:
        return subprocess.run(command, cwd="/", capture_output=True, check=False, **dropped()).returncode == 0
    except OSError:
        return False


def give(path: Path) -> None:
    """Make a file or a folder the services' own, and nobody else's."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    if account := dropped():
        os.chown(path, account["user"], account["group"])


def lodge(folder: Path) -> Path:
    """Make a folder that the services may enter: here, or elsewhere with a link from here when the way is closed."""
    if not folder.exists():
        folder.unlink(missing_ok=True)
        folder.mkdir()
        folder.chmod(0o711)
        if not allowed("test", "-x", folder):
            ELSEWHERE.mkdir(exist_ok=True)
            ELSEWHERE.chmod(0o755)
            place = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=ELSEWHERE))
            place.chmod(0o711)
            folder.rmdir()
            folder.symlink_to(place)
    return folder.resolve()
