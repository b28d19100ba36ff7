"""What the screen of a claim shows, gathered once for its template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import asking, exchange, queries, secrecy, silence, upkeep, waiting
from escale.domain.claims.asking import Askable
from escale.domain.claims.models import AskedPaper, Claim, ClaimLine, Hold, HoldReason, Pause, SecrecyReason
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.rates.models import Rate
from escale.rules import currency as currencies
from escale.rules import intake, redenominations
from escale.rules.currency import Choice, Quote
from escale.rules.intake import Paper
from escale.web.agents import after, letters, signals
from escale.web.agents.assessment_form import AssessmentForm
from escale.web.agents.forms import RemarkForm, VerdictForm

OTHERS = 5
_OPINIONS = {"claim.ask_opinion", "claim.consider_papers"}


@dataclass(frozen=True)
class Card:
    """A line as the agent sees it: its rate and why, what it makes in euros, and the form if it may be used."""

    line: ClaimLine
    quote: Quote | None
    expense: Decimal | None
    form: AssessmentForm | None
    why: tuple[str, ...]
    age: int
    question: str
    on: date
    proposed: Rate | None


@dataclass(frozen=True)
class Sheet:
    """A paper as the agent sees it: when it came if it was waited for, and the form of a verdict, if it is open."""

    attachment: Any
    came_at: datetime | None
    form: VerdictForm | None = None

    @property
    def is_news(self) -> bool:
        """Whether it was waited for, came, and nobody has said anything of it yet."""
        return self.attachment.came_later and not self.attachment.verdict

    @property
    def is_past(self) -> bool:
        """Whether another has taken its place."""
        return hasattr(self.attachment, "replacement")


def case(
    claim: Claim, *, actor: Actor, tried: AssessmentForm | None = None, judged: VerdictForm | None = None
) -> dict[str, Any]:
    """Gather a claim for its agent; `tried` and `judged` are the forms that are open, or were just refused."""
    steps = claim.steps_open_to(actor)
    timeline = list(queries.timeline(claim))
    happened = {entry.event for entry in timeline}  # what never happened is not asked for
    paused = waiting.pauses() if happened & waiting.PAUSING else Pause.objects.none()
    prefetch_related_objects([claim], Prefetch("pauses", paused))
    lines = list(queries.lines(claim))
    unplaced, decisions = queries.is_unplaced(claim), _decisions(claim)
    asked = waiting.lines_for_an_opinion(claim) if "claim.ask_opinion" in happened else frozenset()
    treated = "assess" in steps and not (unplaced or decisions["proposed"])
    usable = {line.pk for line in lines if treated and line.decision_id is None and line.pk not in asked}
    given_on = sorted({line.given_on for line in lines})
    return {
        **papers(
            claim,
            actor=actor,
            judged=judged,
            sent=queries.as_sent(claim, story=timeline),
            asked=waiting.asked(claim, story=timeline),
            cares={line.care for line in lines},
        ),
        "claim": claim,
        "steps": steps,
        "scope": queries.competence(claim),
        "unplaced": unplaced,
        "cards": _cards(lines, actor=actor, tried=tried, usable=usable),
        "form": tried or judged,
        **amounts(lines),
        "opinions": queries.opinions(claim) if happened & _OPINIONS else (),
        "remarks": claim.remarks.select_related("by").order_by("pk") if "claim.remark" in happened else (),
        "remark": RemarkForm(),
        "timeline": timeline,
        "others": queries.of_family(claim, actor=actor)[:OTHERS],
        **_rights(claim, given_on),
        **decisions,
        **signals.of_case(claim, actor=actor),
        **(letters.of_claim(claim) | after.of_claim(claim, actor=actor) if decisions["answers"] else {}),
        **_keeping(claim, holds=list(upkeep.holds(claim)) if "claim.hold_papers" in happened else []),
    }  # fmt: skip


def papers(
    claim: Claim,
    *,
    actor: Actor,
    judged: VerdictForm | None = None,
    sent: Claim | None = None,
    asked: Iterable[AskedPaper] = (),
    cares: set[str] | None = None,
) -> dict[str, Any]:
    """
    Gather the papers that this actor may see, those that they may not, awaited, or absent; the name of each kind.

    `sent`: the claim as it was sent, by which its papers are named; a paper whose name is now another is absent.
    `asked`: the papers that are asked for, awaited too and no longer absent. `cares`: the kinds of care, if known.
    """
    joined, needed = list(queries.all_papers(claim, actor=actor)), queries.papers(claim, cares=cares)
    labels = queries.paper_labels(sent) if sent and sent is not claim else queries.paper_labels(claim, needed=needed)
    others = {paper.code for paper in needed if labels[paper.code] != paper.label}
    provided = {one.paper for one in joined if one.paper not in others or one.came_later}
    came_at = waiting.came_at(claim) if any(one.replaces_id for one in joined) else {}
    sheets = [
        Sheet(
            attachment,
            attachment.answers.ended_at if hasattr(attachment, "answers") else came_at.get(attachment.replaces_id or 0),
            judged if judged and judged.attachment.pk == attachment.pk else None,
        )
        for attachment in joined
    ]
    return {
        "sheets": [sheet for sheet in sheets if sheet.attachment.seen and not sheet.is_past],
        "replaced": [sheet for sheet in sheets if sheet.attachment.seen and sheet.is_past],
        "withheld": [sheet.attachment for sheet in sheets if not sheet.attachment.seen and not sheet.is_past],
        "awaited": [*(sheet for sheet in sheets if sheet.attachment.awaited), *asked],
        "granted": silence.grants(claim, needed=needed),
        "absent": _absent(claim, intake.missing(papers=needed, provided=provided), asked),
        "paper_labels": labels,
        "discretion": _discretion(claim, [sheet.attachment for sheet in sheets if not sheet.is_past], actor),
    }


def _discretion(claim: Claim, papers: list[Any], actor: Actor) -> dict[str, Any] | None:
    """Gather what may be kept from the family, and at whose asking, if the beneficiary may ask for it."""
    if not secrecy.may_be_kept(claim) or "keep_from_family" not in claim.steps_open_to(actor):
        return None
    seen = [one for one in papers if one.seen]
    return {
        "papers": seen,
        "reasons": [reason for reason in SecrecyReason if reason != SecrecyReason.ACCOUNT],
        "route": "agents:medical_discretion" if actor.role == Role.PHYSICIAN else "agents:discretion",
    }


def _absent(claim: Claim, papers: Iterable[Paper], asked: Iterable[AskedPaper]) -> list[Askable]:
    """Return what misses and has not been asked for."""
    bills = list(claim.bills.order_by("pk")) if any(paper.per_bill for paper in papers) else []
    absent = [Askable(paper, bill) for paper in papers for bill in asking.each(paper, bills)]
    known = {asking.key(one.paper, one.bill) for one in asked}
    return [one for one in absent if one.key not in known]


def amounts(lines: list[ClaimLine]) -> dict[str, Any]:
    """Add up what is due on the lines, and what is still to be ordered; count those without an amount."""
    dues = [line.due for line in lines if line.due is not None]
    return {
        "lines": lines,
        "total": sum(dues, Decimal(0)),
        "left": len(lines) - len(dues),
        "to_order": queries.to_order(line for line in lines if line.decision_id is None),
    }


def _cards(lines: list[ClaimLine], *, actor: Actor, tried: AssessmentForm | None, usable: set[int]) -> list[Card]:
    chosen = exchange.choices(lines)
    offered = exchange.proposed(lines, actor=actor) if any(one.quote is None for one in chosen.values()) else []
    return [_card(line, chosen[line.pk], offered, tried=tried, usable=line.pk in usable) for line in lines]


def _card(line: ClaimLine, choice: Choice, offered: list[Rate], *, tried: AssessmentForm | None, usable: bool) -> Card:
    currency, on = line.bill.currency, exchange.day(line)
    frozen = line.rate and line.rate_on and Quote(currency, line.rate, line.rate_source, line.rate_on)
    quote = frozen or choice.quote
    form = tried if tried and tried.line.pk == line.pk else AssessmentForm(line=line) if usable else None
    return Card(
        line=line,
        quote=quote,
        expense=currencies.euros(line.amount, quote) if quote else None,
        form=form if choice.quote else None,
        why=choice.why,
        age=currencies.age_to_tell(quote, on=on) if quote else 0,
        question=redenominations.question(currency, on=on),
        on=on,
        proposed=exchange.answering(offered, currency, on),
    )


def _rights(claim: Claim, days: list[date]) -> dict[str, Any]:
    """Gather the rights and postings that hold on a day of care, and the days on which no right is open."""
    entitlements = [one for one in claim.beneficiary.entitlements.order_by("valid_from") if _holds(one, days)]
    return {
        "entitlements": entitlements,
        "uncovered": [day for day in days if not any(_holds(one, [day]) for one in entitlements)],
        "postings": [one for one in claim.insured.postings.order_by("valid_from") if _holds(one, days)],
    }


def _holds(period: Any, days: Iterable[date]) -> bool:
    return any(period.valid_from <= day and (not period.valid_until or day < period.valid_until) for day in days)


def _decisions(claim: Claim) -> dict[str, Any]:
    """Gather what was decided, what waits for a second look, and what came back from one or from the accountant."""
    decisions = list(claim.decisions.all())
    last = decisions[-1] if decisions else None
    return {
        "answers": [one for one in decisions if one.stands],
        "proposed": last if last and last.waits else None,
        "sent_back": last if last and last.annulled_at and not last.taken_at else None,
        "rejected": last.order if last and last.order and _goes_back(last.order) else None,
    }


def _goes_back(order: PaymentOrder) -> bool:
    """Tell whether its visa was refused for the agent to decide anew: a reissue stays the accountant's."""
    return order.status == OrderStatus.REJECTED and order.replaces_id is None


def _keeping(claim: Claim, *, holds: list[Hold]) -> dict[str, Any]:
    """Gather until when the papers are kept, what keeps them beyond, and what could."""
    placed = {hold.reason for hold in holds}
    return {
        "papers_until": upkeep.papers_until(claim),
        "holds": holds,
        "reasons_to_hold": [reason for reason in HoldReason if reason not in placed],
    }
