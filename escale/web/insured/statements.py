"""« Mes décomptes »: what the Fund paid, year by year; each payment line by line, on a page and on paper."""

from dataclasses import asdict

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import secrecy
from escale.domain.claims.models import Award
from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.statements import queries, telling
from escale.gateways import typesetting
from escale.web import paging
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.home import LONGEST_SEARCH
from escale.web.insured.letters import named

PER_PAGE = 20


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: ActorRequest) -> HttpResponse:
    """List the payments of a year, or those found: what is looked for stays in the session, out of addresses."""
    if request.method == "POST":
        request.session["looked_for_paid"] = request.POST.get("text", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        return redirect(f"{reverse('insured:statements')}?recherche")
    text = request.session.get("looked_for_paid", "") if "recherche" in request.GET else ""
    years = queries.years(actor=request.actor)
    asked = paging.key(request, "annee")
    year = None if text else next((one for one in years if one.year == asked), years[0] if years else None)
    found = queries.search(text, actor=request.actor)
    if year:
        found = queries.in_year(found, year.year)
    rows = queries.page(found, after=paging.due(request), size=PER_PAGE)
    last = paging.last(rows, size=PER_PAGE)
    claims = queries.about(rows)
    shown = {
        "years": years,
        "year": year,
        "text": text,
        "payments": [(order, claims.get(order.pk)) for order in rows],
        "next": f"{last.executed_on}_{last.pk}" if last else "",
        "came_back": BACK,
    }
    return render(request, "insured/statements.html", shown)


@wearing(Role.INSURED)
@require_safe
def statement(request: ActorRequest, reference: str) -> HttpResponse:
    """Show the statement of a payment, in the order in which its paper is read."""
    order, awards, veiled = _own(request, reference)
    said = asdict(telling.letter(order, awards, veiled=veiled))
    blocks = [one | {"rows": named(one["head"], one["rows"])} for one in said["blocks"]]
    shown = {
        "order": order,
        "claim": awards[0].decision.claim if awards else None,
        "said": said,
        "blocks": blocks,
        "came_back": order.status in BACK,
        "for_insurer": awards and not veiled and order.status == OrderStatus.EXECUTED,
    }
    return render(request, "insured/payment_statement.html", shown)


@wearing(Role.INSURED)
@require_safe
def statement_pdf(request: ActorRequest, reference: str) -> HttpResponse:
    """Give the same on paper."""
    order, awards, veiled = _own(request, reference)
    try:
        return _file(telling.pdf(order, awards, veiled=veiled), name=f"decompte-{order.reference}")
    except typesetting.Faulty:
        return render(request, "insured/statement_later.html", {"order": order}, status=503)


@wearing(Role.INSURED)
@require_safe
def certificate(request: ActorRequest, year: int) -> HttpResponse:
    """Give the certificate of what was paid in a year."""
    if not any(one.year == year and one.certified for one in queries.years(actor=request.actor)):
        raise Http404
    orders = list(queries.paid_in(year, actor=request.actor))
    try:
        return _file(telling.certificate(orders, year=year), name=f"attestation-remboursements-{year}")
    except typesetting.Faulty:
        return render(request, "insured/statement_later.html", {"order": None}, status=503)


def _own(request: ActorRequest, reference: str) -> tuple[PaymentOrder, list[Award], bool]:
    """Return a payment of the visitor that has a statement, what was decided with it, and if its nature is hidden."""
    mine = queries.issued(actor=request.actor).select_related("insured")
    order = get_object_or_404(mine, reference=reference)
    awards = queries.awards(order)
    return order, awards, any(secrecy.hides_nature(one.line.bill.claim, reader=request.actor) for one in awards[:1])


def _file(content: bytes, *, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
