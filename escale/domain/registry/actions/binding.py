"""Which account an insured person enters by."""

from django.db import transaction

from escale.domain.registry.models import InsuredPerson


@transaction.atomic
def release(*, insured: InsuredPerson) -> None:
    """Let an insured person have another account on another day; all that is known of them stays."""
    insured.account = None
    insured.save(update_fields=["account"])
