"""How a claim is found: by its number, by who is insured, by who cared."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models import TextChoices as Words
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Bill, Claim
from escale.domain.desk import queries
from escale.domain.journal import actions as journal
from escale.domain.registry.models import Beneficiary, InsuredPerson, Link
from escale.rules import identity
from escale.rules.identity import Invalid, folded

MOST_PEOPLE = 100
FEWEST_LETTERS = 2
_NUMBER = len("12345-67890")
_SALT = "escale.desk.search"


class Why(Words):
    """By what a claim was found."""

    NUMBER = "number", _("numéro de la demande")
    NIR = "nir", _("numéro de sécurité sociale")
    NAME = "name", _("nom de l’assuré")
    BENEFICIARY = "beneficiary", _("nom du bénéficiaire")
    PROVIDER = "provider", _("praticien ou établissement")


@dataclass(frozen=True)
class Hit:
    """A claim that was found, and by what."""

    claim: Claim
    why: Why


def find(text: str, *, by: Actor) -> list[Hit]:
    """
    Return the claims that a text may mean: a number, a NIR, the beginning of a name or of a provider's (6 queries).

    Of an insured person or a beneficiary all that was sent; of a provider what is worked on. Who was looked for is
    written in the journal: who bears a NIR, if anybody, and of it nothing else; a name, under a mark that only the
    house can make again.
    """
    if (known := numbered(text, by=by)).exists():
        return [Hit(claim, Why.NUMBER) for claim in _shown(known.order_by("pk"), by)]
    try:
        bearing = InsuredPerson.objects.bearing(identity.nir(text))
    except Invalid:
        pass
    else:
        return _of(Why.NIR, bearing, by, whom=" ".join(map(journal.name_of, bearing)))
    first, *others = folded(text).split() or [""]
    if len(first + "".join(others)) < FEWEST_LETTERS:
        return []
    called = Q(folded_name__startswith=first)
    for word in others:
        called &= Q(folded_name__contains=word)
    people = InsuredPerson.objects.filter(called).order_by("folded_name", "pk")
    family = Beneficiary.objects.filter(called).exclude(link=Link.SELF).order_by("folded_name", "pk")
    named = _of(Why.NAME, people, by, whom=mark(folded(text)), cared_for=family)
    # What is worked on is few, and bills are many: two indexes are matched before any claim is read
    worked_on = Claim.objects.filter(status__in=sorted(WORKED_ON)).values("pk")
    bills = Bill.objects.filter(folded_provider__startswith=folded(text), claim__in=worked_on)
    cared = Claim.objects.visible_to(by).filter(pk__in=bills.values("claim")).order_by("due_on", "pk")
    return named + [Hit(claim, Why.PROVIDER) for claim in _shown(cared, by)]


def numbered(text: str, *, by: Actor) -> QuerySet[Claim]:
    """Return the claim that bears a number typed by hand, if it is within reach; nothing is asked of another text."""
    number = written_number(text)
    return Claim.objects.within_reach_of(by).filter(number=number) if len(number) == _NUMBER else Claim.objects.none()


def written_number(text: str) -> str:
    """Put a number typed by hand in the form that the house gives it: two groups of five signs."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())[:20]
    return f"{signs[:5]}-{signs[5:]}" if signs else ""


def mark(text: str) -> str:
    """Return what the journal keeps of what was looked for: the same for the same words, and told to nobody else."""
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def _of(
    why: Why, people: QuerySet[InsuredPerson], by: Actor, *, whom: str, cared_for: "QuerySet[Beneficiary] | None" = None
) -> list[Hit]:  # fmt: skip
    keys = set(people.values_list("pk", flat=True)[:MOST_PEOPLE])
    family = [] if cared_for is None else list(cared_for.values_list("pk", flat=True)[:MOST_PEOPLE])
    whose = Q(insured__in=keys) | Q(beneficiary__in=family)
    sent = Claim.objects.visible_to(by).filter(whose).exclude(status=Status.DRAFT).newest_first()
    found = list(_shown(sent, by))
    journal.record(
        "claim_search.ask", subject=by.signatory, actor=by.account, hat=by.role, why=why.value, mark=whom,
        found=len(found),
    )  # fmt: skip
    return [Hit(claim, why if claim.insured_id in keys else Why.BENEFICIARY) for claim in found]


def _shown(claims: QuerySet[Claim], by: Actor) -> QuerySet[Claim]:
    """Bring what a row of the list shows, and who is insured."""
    return queries.shown(claims, actor=by).select_related("insured")
