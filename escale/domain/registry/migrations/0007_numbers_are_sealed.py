from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations, models

from escale.gateways import findable, keyring
from escale.gateways.keyring import Keyring

BATCH = 5_000

Columns = tuple[str, bytes, str | None]


def seal(apps: Any, schema: Any) -> None:
    """Seal each number beside its digest, and keep nothing in clear."""

    def sealed(person: Any, keys: Keyring) -> Columns:
        digest = findable.digests(person.nir, keys=keys)[-1]
        return digest, findable.seal(person.nir, digest=digest, keys=keys), None

    _rewrite(apps, schema, sealed)


def open_again(apps: Any, schema: Any) -> None:
    """Write each number in clear."""

    def opened(person: Any, keys: Keyring) -> Columns:
        return "", b"", findable.opened(bytes(person.nir_sealed), digest=person.nir_digest, keys=keys)

    _rewrite(apps, schema, opened)


def _rewrite(apps: Any, schema: Any, columns: Callable[[Any, Keyring], Columns]) -> None:
    people, last = apps.get_model("registry", "InsuredPerson").objects.order_by("pk"), 0
    with schema.connection.cursor() as cursor:
        while batch := list(people.filter(pk__gt=last)[:BATCH]):
            keys, last = keyring.held(Path(settings.VAULT_KEYS)), batch[-1].pk
            cursor.executemany(
                "UPDATE registry_insuredperson SET nir_digest = %s, nir_sealed = %s, nir = %s WHERE id = %s",
                [(*columns(person, keys), person.pk) for person in batch],
            )


class Migration(migrations.Migration):
    """Keep the social security numbers sealed, and find them by a digest."""

    dependencies = [("registry", "0006_names_of_beneficiaries")]

    operations = [
        migrations.AddField(
            model_name="insuredperson",
            name="nir_digest",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="empreinte du numéro de sécurité sociale"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="insuredperson",
            name="nir_sealed",
            field=models.BinaryField(blank=True, default=b"", verbose_name="numéro de sécurité sociale"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="insuredperson", name="nir", field=models.CharField(max_length=15, null=True, unique=True)
        ),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField(model_name="insuredperson", name="nir"),
        migrations.AddConstraint(
            model_name="insuredperson",
            constraint=models.UniqueConstraint(fields=["nir_digest"], name="insured_bears_a_number_of_their_own"),
        ),
    ]
