"""The filters of the pages of controls."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """Write a share from 0 to 1 as a percentage: « 4,2 % »."""
    return f"{number_format(round(100 * share, 1), 1)} %"
