"""The supervisor's counter: what waits and for how long, how the promise is kept, and where it goes at this pace."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts.models import Role
from escale.domain.claims import medical, queries, silence, upkeep
from escale.domain.documents import queries as documents
from escale.domain.notices import queries as notices
from escale.domain.registry import queries as registry
from escale.domain.statistics import queries as statistics
from escale.domain.statistics.models import SEVERAL, Measure
from escale.domain.statistics.queries import Flow, Scope
from escale.rules import forecast, scope
from escale.rules.intake import Care
from escale.web import tables
from escale.web.agents import seeing
from escale.web.charts import Chart
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

FAILURES = 3
INFECTED_FOR = timedelta(days=30)
UNREAD_FOR = timedelta(days=7)
WEEKS = 12
_DAY = timedelta(days=1)


class FilterForm(Form):
    """Of which weeks, which place and which care the figures are."""

    semaines = forms.TypedChoiceField(
        label=_("Période"),
        choices=[(4, _("4 semaines")), (12, _("12 semaines")), (26, _("6 mois")), (52, _("Un an"))],
        coerce=int,
        required=False,
    )
    territoire = forms.ChoiceField(label=_("Pays ou territoire"), required=False)
    soins = forms.ChoiceField(label=_("Nature des soins"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cares = [(one.value, one.label) for one in Care]
        self.fields["territoire"].choices = [
            ("", _("Tous")), *((one.code, one.name) for one in scope.territories(on=timezone.localdate())),
        ]  # fmt: skip
        self.fields["soins"].choices = [("", _("Toutes")), *cares, (SEVERAL, seeing.kind(SEVERAL))]

    def scope(self) -> Scope:
        """Return the figures that are asked, up to today; all of them for what cannot be read."""
        asked = self.cleaned_data if self.is_valid() else {}
        until = timezone.localdate() + _DAY
        since = until - timedelta(weeks=asked.get("semaines") or WEEKS)
        return Scope(since, until, asked.get("territoire", ""), asked.get("soins", ""))


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show how the promise is kept, the stock of claims, and what does not go through."""
    form = FilterForm(_asked(request))
    asked = form.scope()
    figures, shown = _figures(asked)
    context = {
        "form": form,
        "progress": statistics.progress(),
        "export": f"?{request.GET.urlencode()}",
        "figures": figures,
        "charts": shown,
        "stock": queries.stock(actor=request.actor),
        "late": upkeep.late(minutes=settings.SCAN_MINUTES),
        "minutes": settings.SCAN_MINUTES,
        "infected": documents.infected_once_read(since=timezone.now() - INFECTED_FOR),
        "resisting": documents.resisting().count(),
        "unread": documents.unread(since=timezone.now() - UNREAD_FOR),
        "missing_languages": documents.missing_languages(),
        "failing": ProcrastinateJob.objects.filter(status="todo", attempts__gte=FAILURES).count(),
        "opinions": medical.overdue(actor=request.actor),
        "hours": medical.hours_aimed_at(),
        "silences": len(silence.near(actor=request.actor)),
        "openings": registry.openings_to_review(actor=request.actor).count(),
        "unsent": notices.waiting().count(),
    }
    return render(request, "agents/board.html", context)


@require_safe
@wearing(Role.SUPERVISOR)
def export(request: ActorRequest, table: str) -> StreamingHttpResponse:
    """Give a table of the board as CSV, or every figure of the period line after line; nobody is told of in them."""
    asked = FilterForm(_asked(request)).scope()
    lines: Iterator[Sequence[Any]]
    if table == "chiffres":
        lines = _lines(asked)
    else:
        chart = next((chart for chart in _figures(asked)[1] if chart.name == table), None)
        if chart is None:
            raise Http404
        lines = iter([chart.head, *([plain(cell) for cell in row] for row in chart.rows)])
    return tables.as_csv(lines, name=f"{table}-{timezone.localdate():%F}")


_NUMBER = re.compile(r"[+−]?\d[\d\u202f]*(,\d+)?(?=(\u00a0[%€])?$)")


def plain(cell: str) -> str:
    """Return a number, a share or an amount in euros as a program reads it, without its unit; words as they are."""
    if found := _NUMBER.match(cell):
        return found[0].replace("\u202f", "").replace("−", "-").replace(",", ".").removeprefix("+")
    return cell


def _asked(request: ActorRequest) -> dict[str, str]:
    return {"semaines": str(WEEKS)} | request.GET.dict()


def _figures(asked: Scope) -> tuple[dict[str, Any], list[Chart]]:
    """Return the key figures, and the charts and tables (3 queries)."""
    today = asked.until - _DAY
    month = today.replace(day=1)
    first = min(asked.since, month, today - timedelta(days=forecast.LOOKED_BACK))
    flows, stock = statistics.moves(Scope(first, asked.until, asked.territory, asked.care))
    sorts, (by_territory, by_care) = statistics.sorts(asked), statistics.parts(asked)
    now = sum(stock.values())
    expected = _expected(flows, now=now, today=today)
    this_month = sum((flow for day, flow in flows.items() if day >= month), Flow())
    this_week = sum((flow for day, flow in flows.items() if day >= today - timedelta(days=today.weekday())), Flow())
    figures = {
        "gross": seeing.percent(this_month.gross, this_month.answered),
        "net": seeing.percent(this_month.net, this_month.answered),
        "decided": this_month.answered,
        "stock": now,
        "oldest": min((sent_on for sent_on, _waiting in stock), default=None),
        "week": this_week,
    }
    return figures, [
        seeing.share_chart(flows, asked),
        seeing.flow_chart(flows, asked),
        seeing.age_chart(stock, on=today),
        seeing.delay_chart(sorts.delays),
        seeing.forecast_chart(expected, now=now),
        seeing.outcome_table(sorts),
        seeing.step_table(sorts, on=today),
        seeing.reason_table(sorts.reasons, on=today),
        seeing.parts_table("territoires", str(_("Pays ou territoire")), by_territory,
                           lambda code: seeing.place(code, on=today)),
        seeing.parts_table("soins", str(_("Nature des soins")), by_care, seeing.kind),
        seeing.reading_table(sorts.readings, asked),
    ]  # fmt: skip


def _expected(flows: Mapping[date, Flow], *, now: int, today: date) -> tuple[forecast.Expected, ...]:
    """Return the stock to come, from what the whole days tell: today, of which only a part is counted, is told too."""
    today_so_far = flows.get(today, Flow())
    over = {day: (flow.received, flow.out) for day, flow in flows.items() if day < today}
    return forecast.stock(now=now - today_so_far.received + today_so_far.out, on=today - _DAY, flows=over)


def _lines(asked: Scope) -> Iterator[tuple[Any, ...]]:
    yield "jour", "mesure", "territoire", "soins", "sorte", "tranche", "nombre", "somme"
    names = dict(Measure.choices)
    kept = statistics.lines(asked).values_list("day", "measure", "territory", "care", "key", "bucket", "count", "total")
    for day, measure, *rest in kept.iterator(chunk_size=5_000):
        yield day, names[measure], *rest
