import pytest

from escale.rules.identity import (
    Invalid,
    account_number,
    bank,
    folded,
    iban,
    masked_iban,
    masked_ibans,
    masked_nir,
    nir,
    person_name,
    without_name,
    without_number,
)


def with_key(body: str) -> str:
    """Complete the 13 characters of an imaginary NIR with its key."""
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02d}"


@pytest.mark.parametrize(
    "body",
    [
        "2800175116001",
        "1850699410052",
        "270022A073004",
        "170022B073001",
        "3990220075001",
        "8015099999123",
        "1853175116001",
    ],
)
def test_a_nir_with_its_key_is_kept_whole_whatever_its_kind(body: str) -> None:
    assert nir(with_key(body)) == with_key(body)


def test_a_nir_may_be_typed_with_spaces_dots_and_small_letters() -> None:
    whole = with_key("270022A073004")
    typed = f" {whole[0]} {whole[1:3]}.{whole[3:5]}\u00a0{whole[5:7].lower()}-{whole[7:]} "
    assert nir(typed) == whole


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Saisissez"),
        ("2800175116001", "clé"),
        ("28001751160", "vous en avez saisi 11"),
        ("2800175116001001", "vous en avez saisi 16"),
        ("280017511600100", "clé"),
        (with_key("5800175116001"), "pas possible"),
        (with_key("2800075116001"), "pas possible"),
        (with_key("2801575116001"), "pas possible"),
        (with_key("2804975116001"), "pas possible"),
        ("28001751160A114", "pas possible"),
        ("2800175116OO1PP", "pas possible"),
    ],
)
def test_a_wrong_nir_is_refused_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        nir(text)


def test_masks_show_only_what_lets_one_recognise_a_number() -> None:
    assert masked_nir(with_key("2800175116001")) == "2 •• •• •• ••• ••• " + with_key("2800175116001")[-2:]
    assert masked_iban("FR7630006000011234567890189") == "FR•• •••• 0189"
    assert masked_iban("0012345678905") == "•••• •••• 8905"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("fr76-3000-6000-0112-3456-7890-189", "FR7630006000011234567890189"),
        ("NO93.8601.11.17947", "NO9386011117947"),
        ("XK05 1212 0123 4567 8906", "XK051212012345678906"),
    ],
)
def test_an_iban_is_kept_in_capitals_without_spaces(typed: str, kept: str) -> None:
    assert iban(typed) == kept


@pytest.mark.parametrize("text", ["", "FR76", "FR7630006000011234567890188", "ZZ7630006000011234567890189", "bonjour"])
def test_a_wrong_iban_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="IBAN"):
        iban(text)


def test_a_bank_is_named_where_the_register_knows_it() -> None:
    known = bank("FR7630006000011234567890189")
    assert known is not None
    assert known.bic.startswith("AGRIFRPP")
    assert bank("XK051212012345678906") is None


@pytest.mark.parametrize(
    "name", ["d’Aboville de La Tour", "L'Hôpital", "Le Gall-Kerhervé", "Zoé", "Ñuñez", "Nguyễn", "Maʻi", "O’Neill Jr."]
)
def test_particles_diacritics_hyphens_and_apostrophes_stay_in_a_name(name: str) -> None:
    assert person_name(name) == name


def test_a_name_is_tidied_not_changed() -> None:
    assert person_name("  Jean\u00a0 Rene\u0301  ") == "Jean René"
    assert person_name("Anne‑Marie") == "Anne-Marie"


@pytest.mark.parametrize("text", ["", "   ", "-", "Jean2", "a\u200bb", "Jean\tPaul", "Ива\u0301н", "x" * 101, "<b>"])
def test_what_is_not_a_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        person_name(text)


def test_folding_makes_one_key_of_all_the_ways_to_write() -> None:
    assert folded("Cœur-d’Été  ÆGIR Straße Łódź") == "coeur d ete aegir strasse lodz"
    assert folded(folded("L’Haÿ-les-Roses")) == folded("L'HAY LES ROSES")


@pytest.mark.parametrize("iban", ["FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189"])
def test_no_iban_is_read_whole_in_the_words_of_a_bank(iban):
    assert masked_ibans(f"RETOUR {iban} LOT P-2026") == "RETOUR FR•• •••• 0189 LOT P-2026"
    assert masked_ibans("COMPTE CLOS, VOIR PC-2026-000123") == "COMPTE CLOS, VOIR PC-2026-000123"


def test_the_words_of_a_name_are_kept_from_a_text_however_they_are_written() -> None:
    assert without_name("RETOUR VIR M. LEA-JEANNE D'EXEMPLE", "Léa-Jeanne d’Exemple") == "RETOUR VIR M. …-… D'…"
    assert without_name("COMPTE CLOS", "Léa-Jeanne d’Exemple") == "COMPTE CLOS"


@pytest.mark.parametrize(("typed", "kept"), [
    ("0012 3456-7890 5", "0012345678905"), ("ab 12345", "AB12345"),
    ("fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
])  # fmt: skip
def test_a_number_that_is_no_iban_is_kept_too(typed: str, kept: str) -> None:
    assert account_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345", "0" * 35, "00_12345678", "FR7630006000011234567890188"])
def test_a_number_that_cannot_be_one_is_refused_and_an_iban_has_its_key(typed: str) -> None:
    with pytest.raises(Invalid):
        account_number(typed)


@pytest.mark.parametrize("written", ["0012345678905", "0012 3456 7890 5", "001-234567-8905"])
def test_an_account_number_is_masked_in_the_words_of_a_bank(written: str) -> None:
    assert without_number(f"ACCT {written} CLOSED", "0012345678905") == "ACCT •••• •••• 8905 CLOSED"
