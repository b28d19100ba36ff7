"""The charts and tables of the board: each has a title, a sentence that says what to read in it, and its figures."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escale.domain.documents.models import Field
from escale.domain.statistics import queries
from escale.domain.statistics.models import SEVERAL, Outcome, Reading, Step, Waiting
from escale.domain.statistics.queries import Flow, Part, Scope, Sorts, Stock
from escale.rules import deadlines, forecast, parameters, refusal, scope
from escale.rules.currency import written
from escale.rules.intake import Care
from escale.web import charts
from escale.web.charts import Chart, Series

WEEK = timedelta(weeks=1)
GROUPS = 13
"""Groups of weeks in a chart, at most."""
OLDEST = 10
"""Working days beyond which ages and delays are shown together."""
NOTHING = "–"


def number(count: int) -> str:
    """Write a count as French does."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def change(count: int) -> str:
    """Write by how much a count changed, with its sign."""
    return f"{'−' if count < 0 else '+'}{number(abs(count))}"


def percent(part: int, whole: int) -> str:
    """Write a share, in whole percent."""
    share = queries.share(part, whole)
    return NOTHING if share is None else f"{share}\N{NO-BREAK SPACE}%"


def place(code: str, *, on: date) -> str:
    """Return the name of a territory, or its code if it has none on that day."""
    try:
        return scope.territory(code, on=on).name
    except LookupError:
        return code


def kind(care: str) -> str:
    """Return the name of a kind of care."""
    return _("Plusieurs natures de soins") if care == SEVERAL else Care(care).label


def weekly(flows: Mapping[date, Flow], asked: Scope) -> list[tuple[date, Flow]]:
    """Add up days in at most thirteen groups of whole weeks, the last of which ends with the scope."""
    weeks = max(1, (asked.until - asked.since).days // 7)
    length = WEEK * -(-weeks // GROUPS)
    grouped = []
    start = asked.until
    while start > asked.since:
        start -= length
        days = [flows[day] for day in flows if start <= day < start + length]
        grouped.append((start, sum(days, Flow())))
    return grouped[::-1]


def flow_chart(flows: Mapping[date, Flow], asked: Scope) -> Chart:
    """Show what came in and what went out."""
    groups = weekly(flows, asked)
    came, went = sum(flow.received for _day, flow in groups), sum(flow.out for _day, flow in groups)
    labels = [f"{day:%d/%m}" for day, _flow in groups]
    series = [Series(_("Reçues"), [flow.received for _day, flow in groups]),
              Series(_("Sorties"), [flow.out for _day, flow in groups])]  # fmt: skip
    return Chart(
        "flux",
        _("Entrées et sorties"),
        _("%(came)s demandes reçues, %(went)s sorties : le stock a varié de %(change)s.")
        % {"came": number(came), "went": number(went), "change": change(came - went)},
        [_("À partir du"), _("Reçues"), _("Décidées"), _("Inexploitables"), _("Solde")],
        [[f"{day:%d/%m/%Y}", number(flow.received), number(flow.answered), number(flow.set_aside),
          change(flow.received - flow.out)] for day, flow in groups],
        charts.bars(labels, series),
        [one.name for one in series],
    )  # fmt: skip


def share_chart(flows: Mapping[date, Flow], asked: Scope) -> Chart:
    """Show the share of claims decided in time, by both clocks."""
    groups = weekly(flows, asked)
    whole = sum((flow for _day, flow in groups), Flow())
    series = [Series(_("Brut"), [queries.share(flow.gross, flow.answered) for _day, flow in groups]),
              Series(_("Net"), [queries.share(flow.net, flow.answered) for _day, flow in groups])]  # fmt: skip
    return Chart(
        "delai",
        _("Part décidée dans le délai annoncé"),
        _("%(gross)s en délai brut, celui de l’assuré ; %(net)s en délai net, sans les jours où la Caisse attendait.")
        % {"gross": percent(whole.gross, whole.answered), "net": percent(whole.net, whole.answered)},
        [_("À partir du"), _("Décidées"), _("Dans le délai (brut)"), _("Dans le délai (net)")],
        [[f"{day:%d/%m/%Y}", number(flow.answered), percent(flow.gross, flow.answered),
          percent(flow.net, flow.answered)] for day, flow in groups],
        charts.curves([f"{day:%d/%m}" for day, _flow in groups], series, most=100, unit="\N{NARROW NO-BREAK SPACE}%"),
        [one.name for one in series],
        curved=True,
    )  # fmt: skip


def age_chart(stock: Stock, *, on: date) -> Chart:
    """Show the open claims by their age in working days, and for whom they wait."""
    announced = int(parameters.value("payment_working_days", on=on))
    ages = {sent_on: _age(sent_on, on) for sent_on, _waiting in stock}
    counts = [[sum(count for (sent_on, waiting), count in stock.items() if waiting == one and ages[sent_on] == age)
               for age in range(OLDEST + 2)] for one in Waiting]  # fmt: skip
    labels = [*(str(age) for age in range(OLDEST + 1)), f"> {OLDEST}"]
    series = [Series(str(one.label), values) for one, values in zip(Waiting, counts, strict=True)]
    late = sum(count for (sent_on, _waiting), count in stock.items() if ages[sent_on] > announced)
    return Chart(
        "ages",
        _("Stock par âge, en jours ouvrés depuis l’envoi"),
        ngettext(
            "%(late)s demande en cours a dépassé le délai annoncé, sur %(whole)s.",
            "%(late)s demandes en cours ont dépassé le délai annoncé, sur %(whole)s.",
            late,
        )
        % {"late": number(late), "whole": number(sum(stock.values()))},
        [_("Âge (jours ouvrés)"), *(_("Attend : %s") % one.label for one in Waiting), _("Ensemble")],
        [[label, *(number(values[rank]) for values in counts), number(sum(values[rank] for values in counts))]
         for rank, label in enumerate(labels)],
        charts.bars(labels, series, stacked=True),
        [one.name for one in series],
    )  # fmt: skip


def _age(sent_on: date, on: date) -> int:
    """Count the working days since the sending; none is told apart beyond the oldest that is shown."""
    if on - sent_on > 3 * WEEK:
        return OLDEST + 1
    return max(0, min(OLDEST + 1, deadlines.working_days_between(sent_on, on)))


def delay_chart(spread: Mapping[int, int]) -> Chart:
    """Show in how many working days claims were decided."""
    whole = sum(spread.values())
    shown = [*(spread.get(days, 0) for days in range(OLDEST + 1)),
             sum(count for days, count in spread.items() if days > OLDEST)]  # fmt: skip
    labels = [*(str(days) for days in range(OLDEST + 1)), f"> {OLDEST}"]
    middle, most = queries.within(spread, 50), queries.within(spread, 90)
    return Chart(
        "delais",
        _("Délai de décision, en jours ouvrés"),
        _("La moitié en %(middle)s jours ouvrés au plus, neuf sur dix en %(most)s.") % {"middle": middle, "most": most}
        if whole
        else _("Aucune demande n’a été décidée."),
        [_("Jours ouvrés"), _("Demandes"), _("Part")],
        [[label, number(count), percent(count, whole)] for label, count in zip(labels, shown, strict=True)],
        charts.bars(labels, [Series(_("demandes"), shown)]),
    )  # fmt: skip


def forecast_chart(expected: Sequence[forecast.Expected], *, now: int) -> Chart:
    """Show the stock of the days to come."""
    says = _("Il y a moins de quatre semaines de recul : le rythme n’est pas encore connu.")
    if expected:
        last = expected[-1]
        says = _("%(now)s demandes aujourd’hui ; au rythme actuel, %(stock)s le %(on)s (de %(low)s à %(high)s).") % {
            "now": number(now), "stock": number(last.stock), "on": f"{last.on:%d/%m}",
            "low": number(last.low), "high": number(last.high),
        }  # fmt: skip
    return Chart(
        "prevision",
        _("Stock prévu au rythme actuel"),
        says,
        [_("Jour"), _("Stock prévu"), _("Au moins"), _("Au plus")],
        [[f"{one.on:%d/%m/%Y}", number(one.stock), number(one.low), number(one.high)] for one in expected],
        charts.curves([f"{one.on:%d/%m}" for one in expected],
                      [Series(_("Stock prévu"), [one.stock for one in expected])],
                      band=[(one.low, one.high) for one in expected]) if expected else (),
        [_("Stock prévu, et la plage où il sera quatre fois sur cinq")] if expected else (),
        curved=True,
    )  # fmt: skip


def parts_table(name: str, title: str, parts: Mapping[str, Part], named: Callable[[str], str]) -> Chart:
    """Show the figures of each territory, or of each kind of care: the largest stock first."""
    ordered = sorted(parts, key=lambda part: (-parts[part].open, -parts[part].answered, part))
    return Chart(
        name,
        title,
        _("Le stock est celui de maintenant ; le reste, celui de la période."),
        [title, _("Stock"), _("Reçues"), _("Décidées"), _("À temps, brut"), _("À temps, net")],
        [[named(part), number(one.open), number(one.received), number(one.answered),
          percent(one.gross, one.answered), percent(one.net, one.answered)]
         for part in ordered for one in [parts[part]]],
    )  # fmt: skip


def outcome_table(sorts: Sorts) -> Chart:
    """Show to what ends claims came, and what was paid back."""
    whole = sum(sorts.outcomes.values())
    return Chart(
        "decisions",
        _("Décisions"),
        _("%(count)s décisions, %(total)s remboursés.")
        % {"count": number(whole), "total": written(sum(sorts.paid.values(), Decimal(0)))},
        [_("Décision"), _("Demandes"), _("Part"), _("Remboursé")],
        [[str(one.label), number(sorts.outcomes[one]), percent(sorts.outcomes[one], whole), written(sorts.paid[one])]
         for one in Outcome],
    )  # fmt: skip


def reason_table(reasons: Mapping[str, int], *, on: date) -> Chart:
    """Show why claims, or lines of them, were refused."""
    whole = sum(reasons.values())
    return Chart(
        "motifs",
        _("Motifs de refus"),
        _("Une demande compte une fois pour chacun des motifs de ses lignes refusées.")
        if whole
        else _("Aucun refus dans la période."),
        [_("Motif"), _("Demandes"), _("Part")],
        [[f"{code} – {refusal.reason(code, on=on).label}", number(count), percent(count, whole)]
         for code, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))],
    )  # fmt: skip


def step_table(sorts: Sorts, *, on: date) -> Chart:
    """Show the time of each step."""
    target = int(parameters.value("opinion_hours", on=on))
    rows = []
    for step in Step:
        spread, hours = sorts.steps[step], sorts.hours[step]
        done = sum(spread.values())
        in_time = sum(count for most, count in spread.items() if most <= target)
        rows.append([
            str(step.label), number(done), _hours(round(hours / done) if done else None),
            _hours(queries.within(spread, 50)), _hours(queries.within(spread, 90)),
            percent(in_time, done) if step is Step.OPINION else "",
        ])  # fmt: skip
    return Chart(
        "etapes",
        _("Temps de chaque étape"),
        _("En heures ou jours écoulés, nuits et week-ends compris ; l’avis médical est visé en %s heures.") % target,
        [_("Étape"), _("Nombre"), _("Moyenne"), _("Médiane"), _("9 sur 10"), _("À l’objectif")],
        rows,
    )


def reading_table(readings: Mapping[str, Mapping[int, int]], asked: Scope) -> Chart:
    """Show the worth of what the machine reads on papers: what agents kept of it."""
    says = _("De ce que la machine a lu sur les factures, ce que les gestionnaires ont retenu tel quel.")
    if asked.territory or asked.care:
        says = _("La lecture automatique n’est mesurée que pour tous les pays et tous les soins ensemble.")
    elif not readings:
        says = _("Pas encore mesurée : aucun gestionnaire n’a retenu ni corrigé de champ dans la période.")
    rows = []
    for name in Field:
        counts = readings.get(name, {})
        whole = sum(counts.values())
        if whole:
            became = [percent(counts.get(one, 0), whole) for one in Reading]
            rows.append([str(name.label), number(whole), *became])
    head = [_("Champ"), _("Examinés"), *(str(one.label) for one in Reading)]
    return Chart("lecture", _("Lecture automatique"), says, head, rows)


def _hours(hours: int | None) -> str:
    if hours is None:
        return NOTHING
    if hours < 72:
        return f"{hours}\N{NO-BREAK SPACE}h"
    return _("%s j") % round(hours / 24)
