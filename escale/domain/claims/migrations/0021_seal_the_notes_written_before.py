from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

from escale.gateways import envelope, keyring


def seal(apps: Any, _schema: Any) -> None:
    """Seal each note for the medical service, whose public key any process of the house holds."""
    notes = apps.get_model("claims", "MedicalNote").objects.exclude(text="").order_by("pk")
    if not notes.exists():
        return
    keys = keyring.read(Path(settings.VAULT_KEYS))
    for note in notes.iterator():
        sealed = envelope.seal(note.text.encode(), keys=keys, medical=True)
        note.name, note.head, note.sealed, note.text = sealed.name, sealed.head, sealed.content, ""
        note.save()


class Migration(migrations.Migration):
    """Seal the notes that were written before they were sealed; they cannot be opened back."""

    dependencies = [("claims", "0020_notes_are_sealed")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
