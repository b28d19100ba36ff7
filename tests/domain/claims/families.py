"""Claims for the care of each member of a family, in words that tell what the care was."""

from datetime import date

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Claim
from escale.domain.registry.models import Basis, Beneficiary, Category, InsuredPerson, Link
from escale.rules.identity import folded
from escale.rules.intake import Care
from tests import factories

PROVIDER = "Cabinet du Zèbre, kinésithérapeute"
FILE = "genou-zebre.pdf"


def of_age(insured: InsuredPerson, *, link: Link = Link.CHILD, born_on: date = date(2009, 1, 10)) -> Beneficiary:
    """Somebody for whom this person answers: sixteen or seventeen years old unless told otherwise."""
    born = {"last_name": "Exemple", "first_names": "Camille", "born_on": born_on, "valid_from": born_on}
    beneficiary = insured.beneficiaries.create(link=link, **born)
    beneficiary.entitlements.create(valid_from=date(2020, 1, 1), opened_because="Affiliation")
    return beneficiary


def own_account(beneficiary: Beneficiary) -> Account:
    """The account of a beneficiary who is insured in their own name."""
    account = factories.account(Role.INSURED, name=str(beneficiary))
    beneficiary.person = InsuredPerson.objects.create(
        account=account, nir=factories._nir(9000 + beneficiary.pk % 900), birth_name=beneficiary.last_name,
        first_names=beneficiary.first_names, folded_name=folded(str(beneficiary)), born_on=beneficiary.born_on,
        category=Category.DEPENDANT, basis=Basis.FAMILY,
    )  # fmt: skip
    beneficiary.save(update_fields=["person"])
    return account


def draft_for(beneficiary: Beneficiary, *, by: Actor | None = None) -> Claim:
    """A whole draft for physiotherapy, with a prescription, typed by whoever answers for this person, or another."""
    by = by or Actor(Role.INSURED, beneficiary.insured.account)
    claim = factories.draft(beneficiary.insured, by=by)
    claims.choose_beneficiary(claim=claim, beneficiary=beneficiary, by=by)
    bill = factories.bill(claim, provider=PROVIDER, by=by)
    factories.line(bill, care=Care.PHYSIOTHERAPY, by=by)
    mandatory = {paper.code for paper in queries.papers(claim) if paper.mandatory}
    for code in sorted({"bill", "prescription", *mandatory}):
        factories.attachment(claim, paper=code, name=FILE, bill=bill if code == "bill" else None, by=by)
    return claim


def telling(claim: Claim) -> set[str]:
    """All the words that would say what the care was."""
    labels, files = queries.paper_labels(claim), list(claim.attachments.all())
    lines = [line for bill in queries.bills(claim) for line in bill.lines.all()]
    words = {PROVIDER, FILE, "Zèbre", "genou", *(line.get_care_display() for line in lines)}
    words |= {labels[file.paper] for file in files} | {f'value="{file.paper}"' for file in files}
    words |= {asked.label for asked in claim.asked_papers.all()} | {asked.words for asked in claim.asked_papers.all()}
    words |= {file.verdict_words for file in files} | {f"Acte {line.act}" for line in lines if line.act}
    words |= {step["label"] for line in lines for step in line.explanation}
    return {word.lower() for word in words if word} - {"dépense en euros"}
