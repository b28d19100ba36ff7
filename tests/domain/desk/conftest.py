"""Claims at the desk, made at once where their story does not matter."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from tests import factories


def rows(number: int, person: InsuredPerson | None = None, *, days: int = 0, **traits: Any) -> list[Claim]:
    """Claims in progress, sent some days ago, without their papers; the first is due first."""
    person = person or factories.insured()
    oneself, sent_at = registry.oneself(person), timezone.now() - timedelta(days=days)
    fields: dict[str, Any] = {
        "insured": person, "beneficiary": oneself, "territory": "DJ", "stay": "posting", "stay_from": "2025-09-01",
        "status": Status.IN_PROGRESS, "sent_at": sent_at, "cares": ["generalist"], "euros": 100,
        "due_on": timezone.localdate(sent_at) + timedelta(days=7),
    }  # fmt: skip
    return Claim.objects.bulk_create(
        Claim(number=f"R{rank:04d}-{uuid4().hex[:5].upper()}", request_key=uuid4(), **fields | traits)
        for rank in range(number)
    )


@pytest.fixture(autouse=True)
def today(frozen: object) -> None:
    """Every test of this room happens on the same Tuesday."""
