"""What is done with a file: receive it, scan it, make images of its pages, destroy it."""

from escale.domain.documents.actions.files import Kept, discard, keep, receive, sweep
from escale.domain.documents.actions.scanning import scan

__all__ = ["Kept", "discard", "keep", "receive", "scan", "sweep"]
