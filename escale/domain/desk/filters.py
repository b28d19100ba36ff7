"""What somebody looks for in the queue: filters that can be kept, read back, and asked of the database."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims import waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Decision, Pause, PauseReason
from escale.domain.desk.models import Assignment, Holding
from escale.rules import clock, territories, tongues
from escale.rules.intake import Care
from escale.rules.territories import Zone

AGES = (3, 4, 5, 6, 10)
"""Working days since a claim was sent, at least."""
LARGEST = Decimal(10_000_000)


class WaitsFor(TextChoices):
    """For whom a claim waits."""

    AGENT = "agent", _("le gestionnaire")
    ARRIVED = "arrived", _("la lecture d’une pièce arrivée")
    INSURED = "insured", _("l’assuré (une pièce)")
    OPINION = "opinion", _("le service médical")
    SECOND_LOOK = "second_look", _("une seconde lecture")


class Assigned(TextChoices):
    """Whose a claim is; else the key of an account."""

    ME = "me", _("à moi")
    NOBODY = "nobody", _("à personne")
    HELD = "held", _("en main en ce moment")


_PAUSED = Q(pk__in=Pause.objects.filter(reason=PauseReason.PAPERS, paused_until__isnull=True).values("claim"))
PROPOSED = Q(pk__in=Decision.objects.proposed().values("claim"))
"""Both are read once for all the claims of a list: what is paused now, or waits for a second look, is few."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for; what is empty is not."""

    territory: str = ""
    zone: str = ""
    language: str = ""
    care: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    waits_for: str = ""
    age: int | None = None
    assigned: str = ""

    @classmethod
    def read(cls, kept: Any) -> Self:
        """Read filters that were kept or typed; what makes no sense is left out."""
        known = kept if hasattr(kept, "get") else {}
        return cls(**{name: read(str(known.get(name) or "")) for name, read in _READERS.items()})

    def kept(self) -> dict[str, str]:
        """Write filters as they are kept, and as an address says them."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}

    def __bool__(self) -> bool:
        return self != type(self)()

    def condition(self, *, actor: Actor) -> Q:
        """Return what a claim must be."""
        asked = Q(status=Status.MEDICAL_OPINION if self.waits_for == WaitsFor.OPINION else Status.IN_PROGRESS)
        if self.territory:
            asked &= Q(territory=self.territory)
        if self.zone:
            asked &= Q(territory__in=of_zone(self.zone))
        if self.language:
            asked &= Q(territory__in=of_language(self.language))
        if self.care:
            asked &= Q(cares__contains=[self.care])
        if self.least is not None:
            asked &= Q(euros__gte=self.least)
        if self.most is not None:
            asked &= Q(euros__lte=self.most)
        if self.age is not None:
            asked &= lasting(self.age)
        return asked & self._waiting() & self._whose(actor)

    def _waiting(self) -> Q:
        match self.waits_for:
            case WaitsFor.AGENT:
                return ~_PAUSED & ~PROPOSED
            case WaitsFor.INSURED:
                return _PAUSED
            case WaitsFor.SECOND_LOOK:
                return PROPOSED
            case WaitsFor.ARRIVED:
                return waiting.ARRIVED
        return Q()

    def _whose(self, actor: Actor) -> Q:
        given = Assignment.objects.filter(claim=OuterRef("pk"))
        match self.assigned:
            case "":
                return Q()
            case Assigned.ME:
                return Q(Exists(given.filter(account=actor.account)))
            case Assigned.NOBODY:
                return Q(~Exists(given))
            case Assigned.HELD:
                return Q(Exists(Holding.objects.live().filter(claim=OuterRef("pk"))))
        return Q(Exists(given.filter(account=int(self.assigned))))


def of_zone(zone: str) -> list[str]:
    """Return the codes of the territories of a zone today."""
    return [place.code for place in territories.territories(on=timezone.localdate()) if place.zone == zone]


def of_language(language: str) -> list[str]:
    """Return the codes of the territories where a language is official, or the main one."""
    places = territories.territories(on=timezone.localdate())
    return [place.code for place in places if language in tongues.spoken(place.code)]


def lasting(working_days: int) -> Q:
    """Return what a claim is whose clock has run for so many working days, since its sending or its taking up."""
    day = clock.sent_before(working_days, on=timezone.localdate()) + timedelta(days=1)
    morning = timezone.make_aware(datetime.combine(day, time.min))
    return Q(reopened_on__isnull=True, sent_at__lt=morning) | Q(reopened_on__lt=day)


def _among(words: Any) -> Any:
    known = {str(word) for word in words}
    return lambda text: text if text in known else ""


def _place(text: str) -> str:
    return _among(place.code for place in territories.territories(on=timezone.localdate()))(text)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".").replace(" ", "").replace("\u202f", ""))
    except InvalidOperation:
        return None
    return amount if 0 <= amount <= LARGEST else None


def _age(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text[:4]) in AGES else None


def _language(text: str) -> str:
    return text if text.isalpha() and text.isascii() and len(text) <= len("abc") else ""


def _whose(text: str) -> str:
    return text if text in Assigned.values or (text.isdecimal() and len(text) <= len("123456789")) else ""


_READERS = {
    "territory": _place, "zone": _among(Zone), "language": _language, "care": _among(Care), "least": _amount,
    "most": _amount, "waits_for": _among(WaitsFor.values), "age": _age, "assigned": _whose,
}  # fmt: skip
assert _READERS.keys() == {field.name for field in fields(Filters)}
