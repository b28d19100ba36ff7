"""All that the Fund knows of somebody, handed to them: for machines, and to be read (RGPD, art. 15 and 20)."""

from escale.domain.claims.portability.contents import CONTENTS, WITHHELD, Part
from escale.domain.claims.portability.telling import FORMAT, VERSION, as_json, as_pdf, counted

__all__ = ["CONTENTS", "FORMAT", "VERSION", "WITHHELD", "Part", "as_json", "as_pdf", "counted"]
