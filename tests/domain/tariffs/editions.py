"""Small editions of tariffs, each state reached by the real steps; the files are ours."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs.models import Confidence, Edition, Kind
from tests import factories

NEW_YEAR, SEPTEMBER = date(2026, 1, 1), date(2026, 9, 1)

CCAM = """\
code,activite,phase,libelle,tarif_secteur1_optam,mention,regroupement
ZBQK002,1,0,"Radiographie du thorax, de face",21.28,,ADI
HHFA016,1,0,"Appendicectomie, par cœlioscopie",195.84,,ADC
HHFA016,4,0,"Appendicectomie, par cœlioscopie",96.90,,ADA
HBLD038,1,0,"Pose d'une couronne dentaire métallique",107.50,,CM0
QZZZ001,1,0,Acte sans tarif,,Non pris en charge,ATM
"""
NGAP = """\
code;libelle;nature;tarif;lettre;coefficients;du
AMK;Acte de kinésithérapie;physiotherapy;2,50;oui;7,5 9,5;
SFX;Consultation longue de sage-femme;midwife;41,00;;;
"""
FIGURES = """\
- {table: figure, key: franchise_drug, from: 2026-09-01, value: 1.5, source: Décret d’essai, confidence: law}
- {table: act, key: GL, from: 2026-01-01, tariff: 60, label: Consultation longue, care: generalist}
"""


def supervisor() -> Actor:
    """Somebody who may propose, or put in force what another proposed."""
    return factories.actor(Role.SUPERVISOR)


def proposed(kind: Kind = Kind.CCAM, content: str = CCAM, *, on: date = NEW_YEAR, by: Actor | None = None) -> Edition:
    """An edition that waits for a second person."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{kind}.{'yaml' if kind == Kind.FIGURES else 'csv'}"
        file.write_text(content, encoding="utf-8")
        return tariffs.propose(
            kind=kind, files=[file], effective_from=on, source=f"Fichier d’essai {kind}", by=by or supervisor()
        )


def typed(
    name: str, value: str, *, starts: date = SEPTEMBER, until: date | None = None, by: Actor | None = None
) -> Edition:
    """Another value of a figure, typed by one person, that waits for a second."""
    return tariffs.propose_figure(
        name=name, value=Decimal(value), valid_from=starts, valid_until=until, source="Décret d’essai",
        confidence=Confidence.LAW, by=by or supervisor(),
    )  # fmt: skip


def in_force(kind: Kind = Kind.CCAM, content: str = CCAM, *, on: date = NEW_YEAR) -> Edition:
    """An edition that the house reads."""
    edition = proposed(kind, content, on=on)
    tariffs.put_in_force(edition=edition, by=supervisor())
    return edition


def rejected() -> Edition:
    """An edition set aside."""
    edition = proposed()
    tariffs.reject(edition=edition, reason="Fichier d’une autre année", by=supervisor())
    return edition
