"""Two people, and nothing changes afterwards."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from escale.domain.claims import computing
from escale.domain.claims import queries as claims
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import queries
from escale.domain.tariffs.models import AmendedRow, Edition, Kind, TariffLine
from escale.rules import parameters
from escale.rules.intake import Care
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.tariffs import editions
from tests.domain.tariffs.editions import CCAM, FIGURES, NEW_YEAR, NGAP

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 15)


def read(code: str, on: date = TODAY) -> Decimal | None:
    """The tariff of an act under the edition in force."""
    with parameters.reading(queries.edition()):
        return queries.act(code, on=on).tariff


def test_whoever_proposes_does_not_put_in_force():
    by = editions.supervisor()
    edition = editions.proposed(by=by)
    assert edition.steps_open_to(by) == {"reject"}
    with pytest.raises(StepRefused, match="autre personne"):
        tariffs.put_in_force(edition=edition, by=by)
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    assert edition.number == 1


def test_the_database_refuses_one_person_alone():
    edition = editions.proposed()
    alone = {"number": 1, "decided_by": edition.proposed_by, "decided_at": timezone.now(), "status": "in_force"}
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**alone)


def test_only_a_supervisor_proposes():
    with pytest.raises(StepRefused, match="superviseur"):
        editions.proposed(by=factories.agent())


def test_an_edition_in_force_is_corrected_by_another_only():
    edition = editions.in_force()
    figures = editions.in_force(Kind.FIGURES, FIGURES)
    line, row = edition.lines.earliest("pk"), figures.rows.earliest("pk")
    for change in (
        lambda: TariffLine.objects.filter(pk=line.pk).update(price=1),
        lambda: line.delete(),
        lambda: AmendedRow.objects.filter(pk=row.pk).update(key="franchise_transport"),
        lambda: Edition.objects.filter(pk=edition.pk).update(effective_from=date(2020, 1, 1)),
        lambda: TariffLine.objects.create(edition=edition, code="X", label="X", folded="x", valid_from=NEW_YEAR),
        lambda: AmendedRow.objects.create(edition=figures, table="figure", key="x", row={}, valid_from=NEW_YEAR),
    ):
        with pytest.raises(IntegrityError, match="an edition is"), transaction.atomic():
            change()


def test_nothing_is_read_before_it_is_in_force():
    editions.proposed(Kind.CCAM, CCAM.replace("21.28", "99.00"))
    assert queries.edition() is parameters.AS_SHIPPED
    assert read("ZBQK002") == Decimal("21.28")


def test_an_act_comes_from_the_nomenclature_of_its_day():
    editions.in_force()
    editions.in_force(Kind.CCAM, CCAM.replace("195.84", "200.00"), on=date(2026, 7, 1))
    assert read("HHFA016", date(2026, 6, 30)) == Decimal("195.84")
    assert read("HHFA016", date(2026, 7, 1)) == Decimal(200)
    assert read("hhfa016-4") == Decimal("96.90")
    assert read("HHFA016", date(2025, 12, 31)) is None


def test_an_older_nomenclature_put_in_force_later_changes_only_its_own_days():
    editions.in_force()
    editions.in_force(Kind.CCAM, CCAM.replace("195.84", "180.00"), on=date(2025, 1, 1))
    assert (read("HHFA016", date(2025, 12, 31)), read("HHFA016")) == (Decimal(180), Decimal("195.84"))


def test_what_the_nomenclature_no_longer_holds_has_no_tariff():
    editions.in_force(Kind.CCAM, "\n".join(CCAM.splitlines()[:2]))
    with pytest.raises(LookupError):
        read("HBJD001")
    assert read("G") == 30


def test_an_act_without_a_tariff_is_not_verified():
    editions.in_force()
    with parameters.reading(queries.edition()):
        act = queries.act("QZZZ001", on=TODAY)
    assert (act.tariff, act.verified, act.source) == (None, False, "Non pris en charge")


def test_letters_keep_their_notation():
    editions.in_force(Kind.NGAP, NGAP)
    assert (read("AMK 9,5"), read("SFX")) == (Decimal("23.75"), 41)
    assert read("AMK 9.5", date(2025, 6, 1)) == Decimal("21.00")
    editions.in_force(Kind.NGAP, NGAP.splitlines()[0] + "\n" + NGAP.splitlines()[2], on=date(2026, 9, 1))
    assert read("AMK 9.5") == Decimal("21.00")  # gone from the new nomenclature: the packaged letter, as before


def test_a_figure_changes_without_a_release():
    editions.in_force(Kind.FIGURES, FIGURES)
    law = queries.edition()
    with parameters.reading(law):
        found = parameters.figure("franchise_drug", on=TODAY)
    assert (found.value, found.version) == (Decimal("1.5"), "depuis le 01/09/2026, édition 1")
    assert queries.edition() is law  # kept at hand
    assert read("GL") == 60


def test_the_figure_put_in_force_last_wins():
    editions.in_force(Kind.FIGURES, FIGURES)
    editions.in_force(Kind.FIGURES, FIGURES.replace("value: 1.5", "value: 2"))
    with parameters.reading(queries.edition()):
        assert parameters.value("franchise_drug", on=TODAY) == 2
    with parameters.reading(queries.edition(1)):
        assert parameters.value("franchise_drug", on=TODAY) == Decimal("1.5")
    with pytest.raises(LookupError):
        queries.edition(3)


def test_the_edition_in_force_costs_one_small_query(django_assert_num_queries):
    editions.in_force(Kind.FIGURES, FIGURES)
    queries.edition()
    with django_assert_num_queries(1):
        queries.edition()


@pytest.mark.usefixtures("frozen", "scanning")
def test_an_old_decision_recomputed_after_a_new_edition_gives_the_same_bytes():
    editions.in_force()
    editions.in_force(Kind.FIGURES, FIGURES)
    claim = factories.received(claim=_imaging())
    line = claims.lines(claim).get()
    agent = factories.agent()
    retained = factories.claims.Assessment(act="ZBQK002")
    with parameters.reading(queries.edition()):
        factories.claims.assess(line=line, retained=retained, by=agent)
    line.refresh_from_db()
    assert line.edition == 2
    assert "édition 1" in json.dumps(line.explanation, ensure_ascii=False)

    editions.in_force(Kind.CCAM, CCAM.replace("21.28", "5.00"))
    assert read("ZBQK002") == 5
    with parameters.reading(queries.edition(line.edition)):
        again = computing.refund([line]).lines[0]
    with parameters.reading(queries.edition()):
        today = computing.refund([line]).lines[0]
    assert [{name: str(value) for name, value in asdict(step).items()} for step in again.steps] == line.explanation
    assert again.due == line.due != today.due


def _imaging():
    claim = factories.draft()
    factories.line(factories.bill(claim), care=Care.IMAGING)
    for paper in [paper.code for paper in claims.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    return claim
