"""The notes of physicians, sealed for the medical service: no other process of the house holds what opens them."""

from django.conf import settings

from escale.domain.claims.models import MedicalNote, MedicalOpinion
from escale.gateways import cipher, envelope, keyring


def write(opinion: MedicalOpinion, text: str) -> MedicalNote:
    """Keep the reasons of an opinion; raises keyring.NoKey where no public key of the medical service is held."""
    sealed = envelope.seal(text.encode(), keys=keyring.held(settings.VAULT_KEYS), medical=True)
    return MedicalNote.objects.create(opinion=opinion, name=sealed.name, head=sealed.head, sealed=sealed.content)


def text(note: MedicalNote) -> str | None:
    """Return what a note says; None where the medical keys are not held, or if it is not what was written."""
    files = [file for file in (settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS) if file]
    kept = envelope.Envelope(note.name, bytes(note.head), bytes(note.sealed))
    try:
        return envelope.opened(kept, keys=keyring.held(*files)).decode()
    except (keyring.NoKey, cipher.Altered):
        return None
