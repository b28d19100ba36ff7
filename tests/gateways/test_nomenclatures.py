"""The official files of tariffs, in small samples of ours."""

import gzip
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escale.gateways.nomenclatures import READERS, AmendedRow, Price, Refused, Unreadable, sheet

CCAM = "code,activite,phase,libelle,tarif_secteur1_optam,mention,regroupement\n"
AS_SAVED = """\
CCAM version 81;;;;;;
Code;Texte;Activité;Phase;Tarif Secteur 1 / OPTAM (en euro);Accord préalable;Regroupement
;SYSTÈME NERVEUX CENTRAL;;;;;
AAAA001;"Acte « essai », en deux
lignes";1;0;1 234,50;;ADC
;Note sous un acte;;;;;
AAAA001;Acte anesthésié;4;0;48,00;;ADA
AAAA002;Remnographie [IRM] d’essai;1;2;69;;ADI
"""
CIS = "60000001\tESSAI 500 mg, comprimé\tcomprimé\torale\n60000002\tESSAI À LA CRÈME\tcrème\tcutanée\n"
CIP = (
    "60000001\t3000001\t30 comprimés\tActive\tDéclarée\t16/03/2011\t3400930000011\toui\t65 %\t1,00\t2,02\t1,02\t\n"
    "60000002\t3000002\t1 tube\tActive\tDéclarée\t16/03/2011\t3400930000028\toui\t100%\t1,466,29\t1,469,05\t2,76\t\n"
    "60000002\t3000003\t1 tube\tActive\tDéclarée\t16/03/2011\t3400930000035\tnon\t\t\t\t\t\n"
    "69999999\t3000004\t1 tube\tActive\tDéclarée\t16/03/2011\t3400930000042\tnon\t\t\t\t\t\n"
    "60000002\t3000005\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(
    kind: str, folder: Path, *contents: str | bytes, names: Sequence[str] = ()
) -> list[Price | AmendedRow | Refused]:
    files = []
    for rank, content in enumerate(contents):
        files.append(folder / (names[rank] if names else f"fichier-{rank}"))
        files[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(READERS[kind](files))


def prices(found: list[Price | AmendedRow | Refused]) -> list[tuple[str, str, Decimal | None]]:
    return [(one.code, one.care, one.price) for one in found if isinstance(one, Price)]


def refused(found: list[Price | AmendedRow | Refused]) -> list[tuple[int, str]]:
    return [(one.line, one.reason.split(" ")[0]) for one in found if isinstance(one, Refused)]


def test_the_ccam_is_read_by_activity_and_phase(folder: Path) -> None:
    found = read("ccam", folder, AS_SAVED)
    assert prices(found) == [
        ("AAAA001", "specialist", Decimal("1234.50")),
        ("AAAA001-4", "specialist", Decimal(48)),
        ("AAAA002-1-2", "heavy_imaging", Decimal(69)),
    ]
    assert found[0].label == "Acte « essai », en deux lignes"  # type: ignore[union-attr]
    assert (
        found
        == read("ccam", folder, gzip.compress(AS_SAVED.encode()))
        == read("ccam", folder, AS_SAVED.encode("cp1252"))
    )


def test_the_kind_of_care_comes_from_the_group(folder: Path) -> None:
    rows = [("ADI", "imaging"), ("ADE", "imaging"), ("ACO", "maternity"), ("SDE", "dental"), ("PF1", "denture"),
            ("", "specialist")]  # fmt: skip
    text = CCAM + "".join(f"AAAA00{n},1,0,Essai,10,,{group}\n" for n, (group, _care) in enumerate(rows))
    assert [care for _code, care, _price in prices(read("ccam", folder, text))] == [care for _group, care in rows]


def test_each_bad_line_of_the_ccam_is_told_and_the_others_kept(folder: Path) -> None:
    bad = ["AAAA1,1,0,Code,10,,", "AAAA001,9,0,Activité,10,,", "AAAA001,1,0,Tarif,dix,,", "AAAA001,1,0,,10,,",
           'AAAA001,1,0,"Guillemets,10,,', "AAAA001,1", "AAAA001,1,0,Tarif,-5,,"]  # fmt: skip
    found = read("ccam", folder, CCAM + "\n".join([*bad, "AAAA002,1,0,Bon,10,,", ""]))
    assert [line for line, _reason in refused(found)] == list(range(2, 9))
    assert prices(found) == [("AAAA002", "specialist", Decimal(10))]


def test_a_price_of_nothing_is_no_tariff(folder: Path) -> None:
    (found,) = read("ccam", folder, CCAM + "AAAA001,1,0,Essai,0.00,,\n")
    assert isinstance(found, Price)
    assert (found.price, found.note) == (None, "Sans tarif dans la nomenclature")


def test_medicines_are_read_from_both_files_in_their_own_alphabets(folder: Path) -> None:
    names = ("CIS_bdpm.txt", "CIS_CIP_bdpm.txt")
    found = read("bdpm", folder, CIS.encode("cp1252"), CIP, names=names)
    assert [(one.code, one.price, one.drugs) for one in found if isinstance(one, Price)] == [
        ("3400930000011", Decimal("2.02"), "major"),
        ("3400930000028", Decimal("1469.05"), "full"),
        ("3400930000035", None, ""),
    ]
    assert found[1].label == "ESSAI À LA CRÈME, 1 tube"  # type: ignore[union-attr]
    assert refused(found) == [(4, "Le"), (5, "Il")]
    with pytest.raises(Unreadable, match="deux fichiers"):
        read("bdpm", folder, CIP, names=names[1:])


def test_our_own_files_are_read(folder: Path) -> None:
    (ngap, other) = read(
        "ngap", folder, "code;libelle;nature;tarif;lettre;coefficients;du;au\nAMK;Acte;nurse;2,21;oui;7,5 9;;\n"
        "SFX;Visite;midwife;41;;;01/02/2026;2026-03-01\n",
    )  # fmt: skip
    assert isinstance(ngap, AmendedRow)
    assert ngap.row == {"label": "Acte", "care": "nurse", "tariff": "2.21", "letter": True, "usual": ["7.5", "9"]}
    assert isinstance(other, AmendedRow)
    assert (other.valid_from, other.valid_until) == (date(2026, 2, 1), date(2026, 3, 1))
    day, empty = read("hospital", folder, "code,libelle,tarif\nHOSP_X,Réanimation,2500.10\nHOSP_Y,Sans prix,\n")
    assert isinstance(day, AmendedRow)
    assert (day.row["care"], day.row["tariff"]) == ("hospital", "2500.10")
    assert isinstance(empty, Refused)
    assert prices(read("lpp", folder, "code;libelle;tarif\n1234567;Attelle;12,50\n")) == [
        ("1234567", "device", Decimal("12.50"))
    ]


def test_figures_are_read_as_the_tables_write_them(folder: Path) -> None:
    found = read("figures", folder, "- {table: figure, key: a, from: 2026-01-01, value: 1.50}\n- texte\n"
                 "- {table: figure, key: a, from: hier}\n- {table: [], key: {}}\n")  # fmt: skip
    assert isinstance(found[0], AmendedRow)
    assert (found[0].row, found[0].valid_from) == ({"value": "1.5"}, date(2026, 1, 1))
    assert [line for line, _reason in refused(found)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("ccam", ""), ("ccam", "a;b\n1;2\n"), ("ngap", "\x00"), ("figures", "a: 1"), ("figures", "[" * 5000),
     ("figures", "&a [*a"), ("lpp", b"\x1f\x8b\x00"),
     ("hospital", gzip.compress(b"code;libelle;tarif\n" * 99, mtime=0)[:30])],
)  # fmt: skip
def test_a_file_of_another_kind_or_cut_short_is_refused_whole(folder: Path, kind: str, content: str | bytes) -> None:
    with pytest.raises(Unreadable):
        read(kind, folder, content)


HEADS = {
    "ccam": CCAM,
    "ngap": "code;libelle;nature;tarif;lettre;coefficients;du;au\n",
    "lpp": "code;libelle;tarif;du\n",
    "hospital": "code;libelle;tarif\n",
    "transport": "code;libelle;tarif\n",
    "figures": "",
}
SCRAPS = st.sampled_from(
    ["AAAA001", "1", "0", "Essai", "10,5", "-1", '"', '""', ";", ",", "\t", "\n", "\r\n", "\x00", "é", "2026-02-30",
     "31/12/2026", "9" * 40, "1e9", "NaN", "oui", "- {table: figure, key: x}", "- ", "[", "{", "&a", "*a"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    st.sampled_from(sorted(HEADS)),
    st.lists(SCRAPS | st.text(max_size=8), max_size=40).map("".join),
    st.binary(max_size=60),
)
def test_no_malformed_line_breaks_a_reading(folder: Path, kind: str, text: str, raw: bytes) -> None:
    try:
        for one in read(kind, folder, HEADS[kind].encode() + text.encode(errors="surrogatepass") + raw):
            assert isinstance(one, Price | AmendedRow | Refused)
            assert not isinstance(one, Price) or one.price is None or one.price > 0
    except Unreadable:
        pass


@given(st.decimals(0, 9_999_999, places=2))
def test_an_amount_is_read_however_it_is_written(amount: Decimal) -> None:
    french = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    assert sheet.price(f"{amount}") == sheet.price(french) == sheet.price(f"{amount:,.2f}".replace(".", ",")) == amount
