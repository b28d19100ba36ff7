"""Whatever page shows somebody's file to the Fund leaves the line that they read in « Qui a ouvert mon dossier »."""

import re
from typing import Any

import pypdfium2
import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Bill, Claim
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Beneficiary, InsuredPerson, Reading
from tests import factories
from tests.house.access_table import HATS, TABLE
from tests.house.creations_of_supervisors import protections, recusals
from tests.house.test_access import ROUTES, _cases

NOT_THE_FUND = {Role.INSURED, Role.PARTNER}

SHOWN_WITHOUT_A_LINE = {
    "agents:queue": "numbers, places and clocks of what waits, and nobody's name",
    "agents:opinions": "the same, at the physicians' counter",
    "agents:appeals": "numbers and clocks of what is contested, and nobody's name",
    "agents:debts": "numbers and what is left to come back, and nobody's name",
    "agents:controls": "numbers and stages of what is controlled, and nobody's name",
    "agents:signals": "numbers, days and amounts of what was remarked, and nobody's name",
    "agents:export_signals": "the same, as CSV",
    "agents:draw_list": "numbers of claims only",
    "agents:payments": "who is paid and how much, which the visa is about: giving it is a step in the journal",
    "agents:batch": "who is paid together and how much, which its signature is about: a step in the journal",
    "agents:budgets": "references and sums of what waits to be moved, and nobody's name",
    "agents:bank_files": "references and sums of what came back, and nobody's name",
    "agents:bank_file": "what the bank told of references and sums, and nobody's name",
    "agents:discrepancies": "references and sums that wait to be reconciled, and nobody's name",
    "agents:discrepancy": "what the bank told of one reference: its order is opened by a link, which leaves a line",
    "agents:batch_file": "the file that the bank has, which names nobody protected: nobody's file is opened",
    "agents:export_journal": "what was done, and the reference of an appeal to which a file came; nobody's name",
    "agents:recusals": "from whom an agent stands aside: names only, which a supervisor typed",
    "agents:protections": "whose file is protected and who opened it: names only, which a supervisor typed",
}
"""docs/decisions/0010 says why; everything else that shows one of the marks below has to leave its line."""

MARK = re.compile(r"(?:Canari|Plume|Conjoint|Volière|Titulaire|Ruelle|courriel)(\d+)x|(?:77777777|XXIBAN)(\d{7})\b")


def marked() -> dict[str, int]:
    """Give everybody words that are of nobody else, even where they are written once; return whose each number is."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes while its triggers wait
        cursor.execute("ALTER TABLE payments_paymentorder DISABLE TRIGGER payment_is_written_once")
    for person in InsuredPerson.objects.all():
        person.birth_name, person.first_names = f"Canari{person.pk}x", f"Plume{person.pk}x"
        person.nir = f"77777777{person.pk:07d}"
        person.save()
        Beneficiary.objects.filter(insured=person).update(
            last_name=person.birth_name, first_names=f"Conjoint{person.pk}x"
        )
        Bill.objects.filter(claim__insured=person).update(provider=f"Volière{person.pk}x")
        masked = f"XXIBAN{person.pk:07d}"
        PaymentOrder.objects.filter(insured=person).update(holder=f"Titulaire{person.pk}x", masked_iban=masked)
        person.bank_accounts.update(masked_iban=masked)
        person.addresses.update(lines=f"RUE\nRuelle{person.pk}x")
        Account.objects.filter(insured=person).update(email=f"courriel{person.pk}x@exemple.invalid")
    return dict(Claim.objects.values_list("number", "insured"))


def shown(response: Any, numbers: dict[str, int]) -> set[int]:
    """Return whose file an answer tells of: their names, numbers and addresses, their providers and claims."""
    said = b"".join(response) if response.streaming else response.content
    if response["Content-Type"] == "application/pdf":
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(said))
    else:
        text = said.decode(errors="replace")
    marks = {int(one or other) for one, other in MARK.findall(text)}
    return marks | {pk for number, pk in numbers.items() if number in text}


@pytest.mark.timeout(600)
@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "scanning")
def test_every_page_that_shows_a_file_to_the_fund_leaves_its_line(settings, home):
    settings.DEMO, settings.STATIC_ROOT = True, home
    person = factories.insured()
    cases = _cases(person)
    numbers = marked()
    worker = factories.account(*HATS)
    client, without, seen = Client(), set(), 0
    for row in [row for row in TABLE if row.theirs == 200]:
        for hat in set(row.hats) - NOT_THE_FUND:
            client.force_login(worker)
            session = client.session
            session["hat"] = hat.value
            session.save()
            case = cases[row.case]
            address = reverse(row.route, kwargs={name: case[name] for name in ROUTES[row.route]})
            typed = "application/x-www-form-urlencoded"
            with transaction.atomic():
                response = client.generic(row.method, address, content_type=typed)
                is_image = response["Content-Type"].startswith("image/")
                of = {person.pk} if is_image else shown(response, numbers)
                noted = set(Reading.objects.filter(by=worker, role=hat).values_list("insured", flat=True))
                transaction.set_rollback(True)
            seen += bool(of)
            if of - noted:
                without.add(row.route)
    assert without == set(SHOWN_WITHOUT_A_LINE)
    assert seen > 2 * len(without)


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "scanning")
@pytest.mark.parametrize("make", [recusals, protections])
def test_whoever_types_the_number_of_somebody_leaves_a_line_with_their_name(make):
    sending = make()
    numbers = marked_by_name()
    client = Client()
    client.force_login(sending.account)
    session = client.session
    session["hat"] = sending.role.value
    session.save()
    answer = client.get(sending.send(client)["Location"])
    of = shown(answer, numbers)
    assert of
    assert of == set(Reading.objects.filter(by=sending.account, role=sending.role).values_list("insured", flat=True))


def marked_by_name() -> dict[str, int]:
    """The same where a number is about to be typed: it stays as it is."""
    kept = list(InsuredPerson.objects.all())
    numbers = marked()
    InsuredPerson.objects.bulk_update(kept, ["nir_digest", "nir_sealed"])
    return numbers
