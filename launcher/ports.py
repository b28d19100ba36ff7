"""Ports of 127.0.0.1: which are free, and which is ours."""

import socket
import sys
from pathlib import Path

HERE = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether nobody listens on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
        return True


def kept(path: Path) -> int:
    """Return the port written in this file while it is free, else a new one, written in turn."""
    if path.exists() and is_free(port := int(path.read_text())):
        return port
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = int(probe.getsockname()[1])
    path.write_text(str(port))
    return port


def take(port: int) -> socket.socket | None:
    """Take a free port for as long as the returned socket is open; None when it is not to be had.

    The web server shares its port with any other of the same user, without a word (SO_REUSEPORT): two launchers that
    start together would mix their visitors. So each port has a name that the kernel gives to one process only.
    """
    name = socket.socket(socket.AF_UNIX)
    try:
        if sys.platform == "linux":
            name.bind(f"\0escale-port-{port}")
    except OSError:
        name.close()
        return None
    if is_free(port):
        return name
    name.close()
    return None
