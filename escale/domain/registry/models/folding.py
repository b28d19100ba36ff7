"""The search key of names, made by the database: whoever writes a row, the key follows."""

from django.db import models


class Folded(models.Func):
    """The search key of several texts, as `escale.rules.identity.folded` makes it of names in Latin letters."""

    arg_joiner = " || ' ' || "
    template = (
        "trim(regexp_replace(replace(replace(replace(replace(translate(regexp_replace(lower(normalize("
        r"%(expressions)s, NFKD)), '[\u0300-\u036f]', '', 'g'), 'øłđðıħ', 'olddih'), 'œ', 'oe'), 'æ', 'ae'), "
        "'þ', 'th'), 'ß', 'ss'), '[^[:alnum:]]+', ' ', 'g'))"
    )
    output_field = models.CharField(max_length=310)
