"""The vault's keys, drawn and turned by command; what a production start asks of them."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from escale.config.checks import production_is_real
from escale.domain.claims import letters, notes
from escale.domain.documents import queries
from escale.domain.notices import posting
from escale.domain.registry.models import InsuredPerson, sealed
from escale.gateways import keyring
from escale.gateways.vault import Vault
from tests import enrolling, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_files(settings, tmp_path):
    settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS = tmp_path / "keys", str(tmp_path / "medical")
    yield settings.VAULT_KEYS, Path(settings.VAULT_MEDICAL_KEYS)
    keyring.held.cache_clear()


def put_and_forget(medical=False):
    queries.vault.cache_clear()
    return queries.vault().put([b"facture"], medical=medical)


def start_again():
    """Read the key files as a process does that starts."""
    keyring.held.cache_clear()
    queries.vault.cache_clear()


def test_keys_are_drawn_turned_and_withdrawn(key_files, capsys):
    every_process, advisers = key_files
    call_command("draw_vault_keys")
    first = every_process.read_text()
    ordinary, medical = put_and_forget(), put_and_forget(medical=True)

    call_command("draw_vault_keys")
    put_and_forget()
    assert "medical-private" not in every_process.read_text()
    assert {file.stat().st_mode & 0o777 for file in key_files} == {0o600}
    call_command("rewrap_vault")
    assert "Fichiers refermés : 2 ; déjà à jour : 1." in capsys.readouterr().out

    every_process.write_text(every_process.read_text().removeprefix(first))
    queries.vault.cache_clear()
    for stored in (ordinary, medical):
        assert queries.vault().digest(stored.key) == stored.sha256


@pytest.mark.usefixtures("scanning")
def test_letters_notes_and_numbers_are_read_once_the_older_keys_are_withdrawn(key_files):
    call_command("draw_vault_keys")
    first = [file.read_text() for file in key_files]
    note = factories.answered().note
    letter, waiting = factories.deposited(factories.refused(note.opinion.claim)), enrolling.letter()
    number = waiting.insured.nir
    call_command("draw_vault_keys")
    start_again()
    call_command("rewrap_vault")
    for file, older in zip(key_files, first, strict=True):
        file.write_text(file.read_text().removeprefix(older))
    keyring.held.cache_clear()
    for row in (note, letter, waiting, waiting.insured):
        row.refresh_from_db()
    assert notes.text(note) == "Rien à redire."
    assert letters.opened(letter, veiled=False)
    assert posting.opened(waiting, written_on="").code == "ABCD-EFGH-JKLM"
    assert waiting.insured.nir == number


def test_a_damaged_number_is_told_and_keeps_no_file_from_its_new_key(key_files, capsys):
    call_command("draw_vault_keys")
    person = factories.insured()
    InsuredPerson.objects.update(nir_sealed=person.nir_sealed[:-1])
    put_and_forget()
    call_command("draw_vault_keys")
    start_again()
    with pytest.raises(SystemExit):
        call_command("rewrap_vault")
    told = capsys.readouterr().out
    assert f"Altéré : registry.insuredperson:{person.pk}" in told
    assert "Fichiers refermés : 1" in told
    assert "peuvent être retirées" not in told


def test_what_an_older_process_wrote_meanwhile_is_turned_before_older_keys_may_go(key_files, capsys, monkeypatch):
    call_command("draw_vault_keys")
    put_and_forget()
    person = factories.insured()
    older = {"nir_digest": person.nir_digest, "nir_sealed": person.nir_sealed}
    call_command("draw_vault_keys")
    start_again()
    rewrap = Vault.rewrap

    def meanwhile(vault: Vault):
        if (found := rewrap(vault)).resealed:
            InsuredPerson.objects.update(**older)
        return found

    monkeypatch.setattr(Vault, "rewrap", meanwhile)
    call_command("rewrap_vault")
    assert not sealed.under_older_keys(InsuredPerson.objects.all(), of="nir").exists()
    assert capsys.readouterr().out.endswith("Les anciennes clés peuvent être retirées.\n")


def test_a_post_that_lacks_a_key_says_so(key_files, settings, capsys):
    call_command("draw_vault_keys")
    put_and_forget(medical=True)
    call_command("draw_vault_keys", only="medical")
    settings.VAULT_MEDICAL_KEYS = ""
    queries.vault.cache_clear()
    with pytest.raises(SystemExit):
        call_command("rewrap_vault")
    assert "Dépendent d’une clé que ce poste n’a pas : 1." in capsys.readouterr().out


def test_the_private_half_of_a_medical_key_is_never_drawn_to_nowhere(key_files, settings):
    settings.VAULT_MEDICAL_KEYS = ""
    with pytest.raises(CommandError, match="ESCALE_VAULT_MEDICAL_KEYS"):
        call_command("draw_vault_keys")
    assert not settings.VAULT_KEYS.exists()
    call_command("draw_vault_keys", only="ordinary")
    assert [*keyring.read(settings.VAULT_KEYS).ordinary]


def faults(settings):
    settings.DEMO = False
    return " ".join(str(fault.msg) for fault in production_is_real(None) if "ESCALE_VAULT" in str(fault.msg))


def test_production_refuses_a_vault_without_good_keys(key_files, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    assert "aucune clé courante" in faults(settings)
    call_command("draw_vault_keys")
    assert faults(settings) == ""
    settings.VAULT_KEYS.chmod(0o640)
    assert "chmod 600" in faults(settings)
    settings.VAULT_KEYS.write_text("n’importe quoi")
    assert "aucune clé courante" in faults(settings)
    settings.HOME = tmp_path
    assert "hors d’ESCALE_HOME" in faults(settings)
    settings.VAULT = "s3+http://key:secret@host/vault"
    assert "s3+https" in faults(settings)


@pytest.mark.parametrize("column", [{"nir_digest": "0" * 64}, {"nir_digest": ""}, {"nir_sealed": b"altered"}])
def test_a_number_that_is_damaged_is_named(capsys, column):
    whole, damaged = factories.insured(), factories.insured()
    call_command("verify_numbers")
    InsuredPerson.objects.filter(pk=damaged.pk).update(**column)
    with pytest.raises(SystemExit):
        call_command("verify_numbers")
    before, after, counted = capsys.readouterr().out.splitlines()
    assert before.startswith("4 numéros ouverts, 0 altérés")
    assert after.startswith(f"Altéré : registry.insuredperson:{damaged.pk}.")
    assert counted.startswith("3 numéros ouverts, 1 altérés")
    assert whole.nir
