"""What a person must be told of the silence of the Fund, and of the ways to appeal: else no delay runs."""

from datetime import date

from escale.rules import deadlines, parameters
from escale.rules.deadlines import Residence
from escale.rules.scope import Fund

FUND = Fund(
    name="Caisse nationale militaire de sécurité sociale",
    address="247 avenue Jacques Cartier, 83090 Toulon Cedex 9",
    phone="+33 (0)4 94 16 36 00",
    url="https://www.cnmss.fr",
    verified=True,
)
SERVICE = "Service droits et prestations hors de France (SDPHF)"
COMMISSION = (
    "Président de la commission de recours amiable, Département gestion du risque et réglementation, "
    f"Bureau contentieux, {FUND.address}"
)


def receipt(*, received_on: date, residence: Residence) -> tuple[str, ...]:
    """Return what the acknowledgement of a request must say (CRPA, art. L. 112-3 ; CSS, art. R. 142-1-A)."""
    silence = deadlines.silence_refuses_on(received_on)
    return (
        f"Votre demande est instruite par : {FUND.name}, {SERVICE}, {FUND.address}, téléphone {FUND.phone}.",
        f"Sans réponse de notre part le {in_words(silence)}, votre demande sera considérée comme refusée "
        "(CRPA, art. L. 231-4).",
        appeal(residence=residence, on=received_on),
    )


def appeal(*, residence: Residence, on: date) -> str:
    """Return how to appeal, where, and within what delay (CSS, art. R. 142-1 et R. 142-1-A)."""
    months = deadlines.appeal_months(residence, on=on)
    silent, court = (int(parameters.value(name, on=on)) for name in ("silence_appeal_months", "court_months"))
    return (
        f"En cas de désaccord, vous pouvez saisir la commission de recours amiable dans les {months} mois qui "
        f"suivent la décision ou le refus né de notre silence, par lettre adressée à : {COMMISSION}. Sans réponse "
        f"dans les {silent} mois, ou en cas de rejet, vous pouvez saisir le tribunal judiciaire de votre domicile "
        f"(à l’étranger : celui de Toulon) dans les {court} mois."
    )


def court(*, until: date, residence: Residence) -> str:
    """Return before which court a rejected appeal goes, and until when (CSS, art. R. 142-1-A, III and R. 142-10)."""
    place = "de Toulon" if residence is Residence.ABROAD else "de votre domicile"
    return (
        f"Vous pouvez saisir le tribunal judiciaire {place}, pôle social, jusqu’au {in_words(until)} inclus "
        "(CSS, art. R. 142-1-A, III et R. 142-10)."
    )


def in_words(day: date) -> str:
    """Return a day as a letter writes it: « 1er mars 2026 »."""
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {months[day.month - 1]} {day.year}"
