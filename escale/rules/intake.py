"""What a claim must hold: the kinds of care, and the papers each asks for according to place and stay."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from escale.rules import parameters
from escale.rules.named import Named
from escale.rules.stays import Stay
from escale.rules.territories import Zone


class Care(Named):
    """Kinds of care, as an insured person tells them apart."""

    GENERALIST = "generalist", "Consultation d’un médecin généraliste"
    SPECIALIST = "specialist", "Consultation ou acte d’un médecin spécialiste"
    MIDWIFE = "midwife", "Sage-femme"
    DENTAL = "dental", "Soins dentaires"
    DENTURE = "denture", "Prothèse dentaire"
    ORTHODONTICS = "orthodontics", "Orthodontie"
    NURSE = "nurse", "Soins infirmiers"
    PHYSIOTHERAPY = "physiotherapy", "Kinésithérapie"
    AUXILIARY = "auxiliary", "Orthophonie, orthoptie, pédicurie-podologie"
    BIOLOGY = "biology", "Analyses de biologie médicale"
    IMAGING = "imaging", "Radiographie, échographie"
    HEAVY_IMAGING = "heavy_imaging", "Scanner, IRM, scintigraphie, TEP"
    PHARMACY = "pharmacy", "Médicaments"
    VACCINE = "vaccine", "Vaccins"
    DEVICE = "device", "Optique, appareillage, petit matériel médical"
    HOSPITAL = "hospital", "Hospitalisation"
    TRANSPORT = "transport", "Transport sanitaire"
    MATERNITY = "maternity", "Suivi de grossesse, accouchement"
    FERTILITY = "fertility", "Assistance médicale à la procréation"
    THERMAL = "thermal", "Cure thermale"
    OTHER = "other", "Autre soin"


@dataclass(frozen=True, slots=True)
class Paper:
    """A supporting document: `label` names it, `why` tells the insured person what it must show, both in French."""

    code: str
    label: str
    why: str
    mandatory: bool
    per_bill: bool = False
    medical: bool = False
    """Only physicians read it, whatever the sender ticks (CSP, art. L. 1110-4)."""


def papers(*, zone: Zone, stay: Stay, cares: Set[Care], on: date) -> tuple[Paper, ...]:
    """Return the papers of a claim sent on a date, mandatory ones first (CSS, art. R. 761-20; R. 160-1 to R. 160-4)."""
    asked = [_BILL, *_of_the_place(zone, stay, on), *_of_the_stay(zone, stay, cares)]
    asked += [paper for kinds, paper in _OF_THE_CARE if kinds & cares]
    if stay is Stay.POSTING and Care.VACCINE in cares:
        asked.append(_TRANSFER_ORDER)
    asked.append(_TRANSLATION)
    return tuple(sorted(asked, key=lambda paper: not paper.mandatory))


def missing(*, papers: Iterable[Paper], provided: Set[str]) -> tuple[Paper, ...]:
    """Return the mandatory papers whose code is not among those provided."""
    return tuple(paper for paper in papers if paper.mandatory and paper.code not in provided)


def is_medical(code: str) -> bool:
    """Tell whether only physicians may read such a paper, whether or not it was asked for."""
    return any(paper.medical and paper.code == code for _kinds, paper in _OF_THE_CARE)


def _of_the_place(zone: Zone, stay: Stay, on: date) -> Iterable[Paper]:
    if zone in (Zone.POLYNESIA, Zone.NEW_CALEDONIA):
        yield _LOCAL_SHEET
    elif stay in (Stay.POSTING, Stay.MISSION):
        yield _cerfa("Cerfa n° 11790 (S3124)", on)
    else:
        yield _cerfa("Cerfa n° 12267 (S3125)", on)


def _of_the_stay(zone: Zone, stay: Stay, cares: Set[Care]) -> Iterable[Paper]:
    if stay is Stay.MISSION:
        yield _MISSION_ORDER
    if stay is Stay.STUDIES:
        yield _SCHOOLING
    if stay is Stay.PLANNED_CARE:
        heavy = bool(cares & {Care.HOSPITAL, Care.HEAVY_IMAGING})
        yield _authorisation(mandatory=heavy or not zone.european)
    if stay in (Stay.HOLIDAY, Stay.STUDIES):
        if zone.european:
            yield _EUROPEAN_CARD
        else:
            yield _PROOF_OF_STAY
            yield _EMERGENCY


def _cerfa(number: str, on: date) -> Paper:
    return Paper(
        "cerfa",
        f"Imprimé {number}",
        "Rempli et signé, un par personne soignée et par pays.",
        mandatory=bool(parameters.value("cerfa_required", on=on)),
    )


def _authorisation(*, mandatory: bool) -> Paper:
    return Paper(
        "authorisation",
        "Autorisation préalable",
        "Le formulaire S2 ou l’accord de la Caisse reçu avant les soins.",
        mandatory=mandatory,
    )


_BILL = Paper(
    "bill",
    "Facture acquittée",
    "Détaillée (date de chaque soin, acte, monnaie), avec le cachet du praticien ou la preuve du paiement.",
    mandatory=True,
    per_bill=True,
)
_LOCAL_SHEET = Paper(
    "local_sheet", "Feuille de soins locale", "Celle remise par le praticien, avec son cachet.", mandatory=True
)
_MISSION_ORDER = Paper("mission_order", "Ordre de mission", "Avec les dates de la mission.", mandatory=False)
_TRANSFER_ORDER = Paper(
    "transfer_order",
    "Ordre de mutation",
    "Ou une attestation de l’affectation.",
    mandatory=True,
)
_SCHOOLING = Paper("schooling", "Certificat de scolarité", "Pour l’année universitaire des soins.", mandatory=True)
_EUROPEAN_CARD = Paper(
    "european_card",
    "Carte européenne d’assurance maladie",
    "Ou le certificat provisoire de remplacement, si vous l’aviez pendant le séjour.",
    mandatory=False,
)
_PROOF_OF_STAY = Paper(
    "proof_of_stay",
    "Preuve du séjour",
    "Billet, carte d’embarquement ou tampon du passeport.",
    mandatory=True,
)
_EMERGENCY = Paper(
    "emergency",
    "Description de l’urgence",
    "Un certificat du médecin ou une simple lettre de votre main, qui explique pourquoi les soins étaient imprévus.",
    mandatory=True,
)
_TRANSLATION = Paper(
    "translation",
    "Traduction",
    "Utile si la facture n’est ni en français, ni en allemand, anglais, espagnol, italien ou portugais.",
    mandatory=False,
)
_AUXILIARIES = frozenset({Care.NURSE, Care.PHYSIOTHERAPY, Care.AUXILIARY})
_PRESCRIBED = _AUXILIARIES | {
    Care.BIOLOGY, Care.IMAGING, Care.HEAVY_IMAGING, Care.PHARMACY, Care.VACCINE, Care.DEVICE, Care.TRANSPORT,
}  # fmt: skip

# What each kind of care adds, in the order in which it is shown.
_OF_THE_CARE: tuple[tuple[frozenset[Care], Paper], ...] = (
    (_PRESCRIBED, Paper(
        "prescription", "Ordonnance",
        "Datée du jour des soins ou d’avant, avec le nom du prescripteur.", mandatory=True)),
    (_AUXILIARIES, Paper(
        "sessions", "Relevé des séances",
        "Le nombre et les dates des séances, si la facture ne les donne pas.", mandatory=False)),
    (frozenset({Care.IMAGING, Care.HEAVY_IMAGING}), Paper(
        "imaging_report", "Compte rendu de l’examen",
        "S’il vous a été remis. Lu par le service médical seulement.", mandatory=False, medical=True)),
    (frozenset({Care.DENTAL}), Paper(
        "dental_chart", "Détail dentaire", "Numéro de chaque dent soignée, acte et radiographie.", mandatory=False)),
    (frozenset({Care.DENTURE}), Paper(
        "denture_estimate", "Devis de la prothèse", "Dent concernée et matériau.", mandatory=False)),
    (frozenset({Care.ORTHODONTICS, Care.FERTILITY, Care.THERMAL}), Paper(
        "prior_agreement", "Accord préalable", "L’accord du service médical, obtenu avant les soins.", mandatory=True)),
    (frozenset({Care.HOSPITAL}), Paper(
        "hospital_detail", "Relevé d’hospitalisation",
        "Dates d’entrée et de sortie, service, actes, si la facture ne les donne pas.", mandatory=False)),
    (frozenset({Care.HOSPITAL}), Paper(
        "discharge_report", "Compte rendu d’hospitalisation", "Lu par le service médical seulement.", mandatory=False,
        medical=True)),
    (frozenset({Care.MATERNITY}), Paper(
        "pregnancy", "Déclaration de grossesse", "Ou tout document médical qui donne la date prévue.", mandatory=True)),
    (frozenset({Care.MATERNITY}), Paper(
        "birth", "Acte de naissance", "Si l’enfant est né.", mandatory=False)),
)  # fmt: skip
