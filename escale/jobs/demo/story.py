"""What happened before the visitor came: some claims of three families, each left at another point of its way."""

from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from escale.domain.claims import actions as claims
from escale.domain.claims.actions import Assessment
from escale.domain.claims.models import OpinionCode, Outcome
from escale.domain.enrolment import actions as enrolments
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.rates import actions as rates
from escale.domain.registry.models import Link
from escale.jobs.demo import afterwards, papers, people, telling
from escale.jobs.demo.telling import Told
from escale.rules.intake import Care
from escale.rules.scope import Stay


@transaction.atomic
def tell(password: str) -> None:
    """Tell the whole story, or nothing of it; where no scanner answers, claims stay sent and their papers wait."""
    people.arrive(password)
    afterwards.share()
    _camille()
    _dominique()
    _andrea()
    _charlie()


def _charlie() -> None:
    enrolment = enrolments.ask(**people.CHARLIE, request_key=uuid4(), place="demo")
    enrolments.confirm(enrolment=enrolment)


def _camille() -> None:
    safari = Told("Hôpital des Deux Lacs, Nairobi", "KES", 30, [(Care.GENERALIST, "6500"), (Care.PHARMACY, "4200")])
    told = telling.draft(people.CAMILLE, "KE", Stay.HOLIDAY, 34, stayed=12, whose=Link.SPOUSE, bill=safari)
    paid = telling.sent(told)
    if telling.received(paid):
        _agree_on_a_rate()
        telling.assess(
            paid,
            Assessment(act="G"),
            Assessment(amount=Decimal("18.60"), reason="Prix français des mêmes médicaments"),
        )
        telling.decide(paid)
        payments.visa(orders=PaymentOrder.objects.filter(decision__claim=paid), by=people.actor(people.ACCOUNTANT))
        afterwards.pay(payments.prepare_batch(by=people.actor(people.ACCOUNTANT)))
        afterwards.claim_back(paid)
        afterwards.draw_controls()

    clinic = Told("Clinique de l’Escale, Djibouti", "DJF", 12, [(Care.GENERALIST, "9000"), (Care.PHARMACY, "6450")])
    first = telling.sent(telling.draft(people.CAMILLE, "DJ", Stay.POSTING, 400, bill=clinic))
    if telling.received(first):
        afterwards.send_again(first, clinic)

    laboratory = Told("Laboratoire de la Corniche, Djibouti", "DJF", 9, [(Care.BIOLOGY, "5200")])
    blurred = telling.draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.SPOUSE, bill=laboratory)
    moved = papers.photograph(telling.certificate(blurred, "Ordonnance"), "IMG_2009", blur=9)
    telling.join(blurred, moved, "prescription", None, people.actor(people.CAMILLE))
    if telling.received(telling.sent(blurred)):
        telling.find_unreadable(blurred, "prescription")

    dentist = Told("Cabinet dentaire du Héron, Djibouti", "DJF", 20, [(Care.ORTHODONTICS, "85000")])
    asked = telling.sent(telling.draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.CHILD, bill=dentist))
    if telling.received(asked):
        telling.ask(asked, "L’âge de l’enfant et le plan de traitement justifient-ils ces soins d’orthodontie ?")

    vaccines = Told("Centre de vaccination du Plateau, Djibouti", "DJF", 3, [(Care.VACCINE, "11300")])
    telling.draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.CHILD, bill=vaccines)


def _agree_on_a_rate() -> None:
    rate = rates.propose(
        currency="KES",
        units_per_eur=Decimal("149.60"),
        on=telling.days_ago(30),
        source="Central Bank of Kenya, cours indicatif",
        proof="Bulletin quotidien de la banque centrale, ligne EURO",
        by=people.actor(people.AGENT),
    )
    rates.confirm(rate=rate, by=people.actor(people.SUPERVISOR))


def _dominique() -> None:
    hospital = Told("Lakeside Specimen Hospital, Chicago", "USD", 41, [(Care.HOSPITAL, "8940.50")])
    advised = telling.sent(telling.draft(people.DOMINIQUE, "US", Stay.HOLIDAY, 45, stayed=15, bill=hospital))
    if telling.received(advised):
        telling.ask(advised, "Le caractère imprévu de l’hospitalisation est-il établi ?")
        claims.give_opinion(
            opinion=advised.opinions.get(),
            outcome=Outcome.FAVOURABLE,
            code=OpinionCode.UNFORESEEN,
            note="Note de démonstration, lue par les seuls médecins-conseils.",
            by=people.actor(people.PHYSICIAN),
        )

    island = Told("Cabinet du Lagon, Papeete", "XPF", 60, [(Care.GENERALIST, "4800")])
    told = telling.draft(people.DOMINIQUE, "PF", Stay.HOLIDAY, 70, stayed=21, whose=Link.SPOUSE, bill=island)
    ordered = telling.sent(told)
    if telling.received(ordered):
        telling.assess(ordered, Assessment(act="G"))
        telling.decide(ordered)

    lagoon = Told("Polyclinique de la Lagune, Abidjan", "XOF", 90, [(Care.SPECIALIST, "35000")])
    refused = telling.sent(telling.draft(people.DOMINIQUE, "CI", Stay.HOLIDAY, 95, stayed=10, bill=lagoon))
    if telling.received(refused):
        claims.refuse(
            claim=refused,
            reason_code="R11",
            explanation="La facture ne porte ni cachet ni preuve de paiement. Demandez un reçu à la polyclinique, "
            "puis envoyez une nouvelle demande.",
            by=people.actor(people.AGENT),
        )
        afterwards.contest(refused)


def _andrea() -> None:
    student = Told("Centro Médico del Espécimen, Madrid", "EUR", 9, [(Care.GENERALIST, "65"), (Care.BIOLOGY, "48.20")])
    assessed = telling.sent(telling.draft(people.ANDREA, "ES", Stay.STUDIES, 75, whose=Link.ADULT_CHILD, bill=student))
    if telling.received(assessed):
        telling.assess(assessed, Assessment(act="G"))

    pharmacy = Told("Muster-Apotheke, Berlin", "EUR", 15, [(Care.PHARMACY, "37.90")])
    unusable = telling.draft(people.ANDREA, "DE", Stay.HOLIDAY, 18, stayed=6, bill=pharmacy)
    by = people.actor(people.ANDREA)
    bad = papers.infected(
        papers.scan(telling.certificate(unusable, "Carte européenne d’assurance maladie"), "carte-europeenne")
    )
    telling.join(unusable, bad, "european_card", None, by)
    telling.received(telling.sent(unusable))
