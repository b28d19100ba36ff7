from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations, models

from escale.gateways import findable, keyring


def seal(apps: Any, _schema: Any) -> None:
    """Seal beside its digest each number that was typed, and keep nothing in clear."""
    for enrolment in apps.get_model("enrolment", "Enrolment").objects.exclude(nir="").iterator():
        keys, number = keyring.held(Path(settings.VAULT_KEYS)), enrolment.nir
        enrolment.nir_digest, enrolment.nir = findable.digests(number, keys=keys)[-1], ""
        enrolment.nir_sealed = findable.seal(number, digest=enrolment.nir_digest, keys=keys)
        enrolment.save(update_fields=["nir_digest", "nir_sealed", "nir"])


def open_again(apps: Any, _schema: Any) -> None:
    """Write in clear each number that was typed."""
    for enrolment in apps.get_model("enrolment", "Enrolment").objects.exclude(nir_digest="").iterator():
        keys, sealed = keyring.held(Path(settings.VAULT_KEYS)), bytes(enrolment.nir_sealed)
        enrolment.nir = findable.opened(sealed, digest=enrolment.nir_digest, keys=keys)
        enrolment.save(update_fields=["nir"])


class Migration(migrations.Migration):
    """Keep sealed the social security numbers of the requests for an account."""

    dependencies = [("enrolment", "0002_requests_to_check_at_a_counter")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="nir_digest",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="empreinte du numéro de sécurité sociale"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="enrolment",
            name="nir_sealed",
            field=models.BinaryField(blank=True, default=b"", verbose_name="numéro de sécurité sociale"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="enrolment", name="nir", field=models.CharField(blank=True, default="", max_length=15)
        ),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField(model_name="enrolment", name="nir"),
    ]
