"""How the country sheets are printed."""

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

_NARROW = "\u202f"


@register.filter
def typeset(page: str) -> str:
    """Keep French punctuation with its word: « ; » and « : » never begin a line. `page` is rendered already."""
    for sign in ";:?!»":
        page = page.replace(f" {sign}", f"{_NARROW}{sign}")
    return mark_safe(page.replace("« ", f"«{_NARROW}"))  # noqa: S308  # what was escaped stays so
