"""A figure of the law: how it is written, how it stands, and how two people change it."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest

from escale.domain.journal.models import Entry
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import differences, figures, queries
from escale.domain.tariffs.models import Confidence, Edition, Kind
from escale.domain.tariffs.units import UNITS, shape
from escale.rules import parameters
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.tariffs import editions
from tests.domain.tariffs.editions import FIGURES

TODAY = date(2026, 9, 15)
MORE = "- {table: figure, key: draft_days, from: 2026-10-01, value: 60, source: Essai}\n"


def standing(name: str, on: date = TODAY) -> figures.Standing:
    """A figure under the edition in force."""
    with parameters.reading(queries.edition()):
        return figures.standing(name, on=on)


@pytest.mark.parametrize("name", parameters.names())
def test_each_figure_has_a_shape_that_its_own_values_keep(name: str):
    form = shape(name)
    assert form.unit in UNITS
    assert "(1 " not in form.label
    for row in parameters.table(name)["values"]:
        assert form.fault(Decimal(str(row["value"]))) == ""


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("emergency_charge", "19.61", "19,61\u00a0€"),
        ("franchise_drug", "1", "1,00\u00a0€"),
        ("ccam_point", "0.455", "0,455\u00a0€ le point"),
        ("hospital_daily_charge", "1200", "1\u202f200,00\u00a0€ par jour"),
        ("share_hospital", "20.00", "20\u00a0%"),
        ("share_hospital", "12.5", "12,5\u00a0%"),
        ("registration_days", "1", "1\u00a0jour"),
        ("draft_days", "90", "90\u00a0jours"),
        ("claim_years", "1", "1\u00a0an"),
        ("participation_forfaitaire_per_year", "25", "25"),
        ("cerfa_required", "0", "non"),
        ("cap_scope", "1", "oui, traitement"),
        ("flat_contributions_counted_at_repayment", "0", "non, à celle des soins"),
    ],
)
def test_a_value_is_written_with_its_unit(name: str, value: str, written: str):
    assert shape(name).written(Decimal(value)) == written


@pytest.mark.parametrize(
    ("name", "value"),
    [("share_hospital", "101"), ("draft_days", "1.5"), ("cerfa_required", "2"), ("cerfa_required", "0.5"),
     ("franchise_drug", "-1"), ("franchise_drug", "1.005"), ("franchise_drug", "Infinity"), ("draft_days", "NaN")],
)  # fmt: skip
@pytest.mark.django_db
def test_a_value_out_of_the_shape_of_its_unit_is_refused_typed_or_in_a_file(name: str, value: str):
    row = f"- {{table: figure, key: {name}, from: 2027-01-01, value: '{value}', source: Essai}}\n"
    with pytest.raises(tariffs.Unreadable):
        editions.proposed(Kind.FIGURES, row)
    with pytest.raises(tariffs.Unacceptable) as refused:
        editions.typed(name, value)
    assert set(refused.value.errors) == {"value"}
    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_a_typed_figure_is_proposed_by_one_and_put_in_force_by_another():
    by = editions.supervisor()
    edition = editions.typed("franchise_drug", "1.50", by=by)
    assert (edition.kind, edition.files, edition.kept, edition.effective_from) == ("figures", "", 1, date(2026, 9, 1))
    row = {"table": "figure", "key": "franchise_drug", "from": "2026-09-01", "until": None, "value": "1.5",
           "source": "Décret d’essai", "confidence": "law"}  # fmt: skip
    canonical = json.dumps(row, ensure_ascii=False, sort_keys=True)
    assert edition.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert standing("franchise_drug").waiting == edition.pk
    with pytest.raises(StepRefused, match="autre personne"):
        tariffs.put_in_force(edition=edition, by=by)
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    now = standing("franchise_drug")
    assert now.now == figures.Dated(
        "1,50\u00a0€", date(2026, 9, 1), None, "Décret d’essai", Confidence.LAW, edition=1, edition_pk=edition.pk
    )
    assert (now.waiting, now.verified) == (None, True)
    told = Entry.objects.filter(subject=f"tariffs.edition:{edition.pk}").order_by("pk")
    assert [entry.event for entry in told] == ["edition.open", "edition.put_in_force"]


@pytest.mark.django_db
def test_what_a_person_proposes_twice_is_made_once():
    by = editions.supervisor()
    first = editions.typed("franchise_drug", "1.5", by=by)
    assert editions.typed("franchise_drug", "1.50", by=by) == first
    assert editions.proposed(by=by) == editions.proposed(by=by)
    assert editions.typed("franchise_drug", "1.5") != first
    tariffs.reject(edition=first, reason="Erreur", by=by)
    assert editions.typed("franchise_drug", "1.5", by=by) != first


@pytest.mark.django_db
def test_a_period_that_ends_before_it_starts_is_refused_at_its_end():
    with pytest.raises(tariffs.Unacceptable) as refused:
        editions.typed("franchise_drug", "1.5", until=date(2026, 9, 1))
    assert set(refused.value.errors) == {"valid_until"}


@pytest.mark.django_db
def test_only_a_supervisor_proposes_a_figure():
    with pytest.raises(StepRefused, match="superviseur"):
        editions.typed("franchise_drug", "1.5", by=factories.agent())


@pytest.mark.django_db
def test_the_next_value_is_told_with_its_day_and_its_edition():
    assert standing("emergency_charge", date(2026, 2, 1)).next == figures.Dated(
        "23,00\u00a0€", date(2026, 3, 1), None, parameters.source("emergency_charge", on=TODAY), Confidence.OFFICIAL
    )
    edition = editions.typed("franchise_drug", "2", starts=date(2027, 1, 1), until=date(2028, 1, 1))
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    before, during = standing("franchise_drug"), standing("franchise_drug", date(2027, 6, 1))
    assert (before.now.value, before.ends_on) == ("1,00\u00a0€", date(2027, 1, 1))
    assert (before.next.value, before.next.since, before.next.edition_pk) == (
        "2,00\u00a0€",
        date(2027, 1, 1),
        edition.pk,
    )
    assert (during.now.value, during.next.value, during.next.since) == ("2,00\u00a0€", "1,00\u00a0€", date(2028, 1, 1))
    assert during.next.edition == 0


@pytest.mark.django_db
def test_figures_are_found_by_words_without_accents_in_the_order_of_their_labels(django_assert_num_queries):
    with django_assert_num_queries(2):
        every = figures.standings(on=TODAY)
    assert [one.name for one in every] != [one.name for one in sorted(every, key=lambda one: one.name)]
    assert {one.name for one in every} == set(parameters.names())
    assert [one.shape.label for one in figures.standings(on=TODAY, words="FRANCHISE boite medicament")] == [
        "Franchise médicale, par boîte de médicament"
    ]
    assert {one.name for one in figures.standings(on=TODAY, words="plafond r 761-19")} == {"cap_scope"}
    assert figures.standings(on=TODAY, words="zzzz") == []


@pytest.mark.django_db
def test_editions_are_told_apart_by_their_figures(django_assert_num_queries):
    one, several = editions.typed("draft_days", "120"), editions.proposed(Kind.FIGURES, FIGURES + MORE)
    with django_assert_num_queries(1):
        assert figures.named([one, several, Edition(pk=0)]) == {
            one.pk: "Conservation d’un brouillon laissé sans modification",
            several.pk: "Conservation d’un brouillon laissé sans modification, et 1 autre chiffre",
        }


def test_an_unknown_figure_is_not_found():
    with pytest.raises(LookupError):
        figures.standing("mystere", on=TODAY)


@pytest.mark.django_db
def test_the_verifier_reads_what_the_edition_says_and_what_it_changes():
    edition = editions.typed("cerfa_required", "1", until=date(2027, 1, 1))
    [(form, value)] = figures.said(edition)
    assert (form.label, value.value, value.until) == (
        "Imprimé Cerfa exigé dans la demande en ligne", "oui", date(2027, 1, 1)
    )  # fmt: skip
    [change] = differences.differences(edition).shown
    assert (change.told, change.percent) == (("non", "oui"), None)
