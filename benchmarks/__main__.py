"""`python -m benchmarks`: all the measures, or one; figures and ratios are printed, nothing ever fails by time."""

import argparse
import os
from pathlib import Path


def main() -> None:
    """Read what is asked, then measure."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Mesure la maison, et dit les chiffres.")
    chosen = parser.add_subparsers(dest="measure", metavar="MESURE")
    chosen.add_parser("pages", help="requêtes SQL par page")
    chosen.add_parser("memory", help="mémoire par processus")
    sending = chosen.add_parser("sending", help="demandes envoyées par seconde")
    sending.add_argument("--seconds", type=float, default=20.0)
    signing_in = chosen.add_parser("signing_in", help="connexions par seconde, et ce que le temps trahit d’un compte")
    signing_in.add_argument("--seconds", type=float, default=20.0)
    signing_in.add_argument("--tries", type=int, default=500)
    for name, what in {"queue": "la file des gestionnaires", "board": "le tableau de bord"}.items():
        at_sizes = chosen.add_parser(name, help=f"{what} à plusieurs tailles, chacune dans une base qui reste")
        at_sizes.add_argument("--sizes", type=int, nargs="+", default=[20_000, 1_000_000])
        at_sizes.add_argument("--claims", type=int, default=0, help="jusqu’à ce nombre de demandes, et écrit la note")
    registry = chosen.add_parser("registry", help="reprise de 800 000 affiliés")
    registry.add_argument("--affiliates", type=int, default=800_000)
    vault = chosen.add_parser("vault", help="le coffre à côté du disque nu, sa mémoire, ses clés")
    vault.add_argument("--store", default="", help="folder:… ou s3+https:…")
    vault.add_argument("--heads", type=int, default=100_000)
    lines = chosen.add_parser("lines", help="lignes de soins calculées par seconde, et un million d’un coup")
    lines.add_argument("--lines", type=int, default=1_000_000)
    reading = chosen.add_parser("reading", help="ce que la machine trouve sur nos pièces : totaux, monnaies, dates")
    reading.add_argument("--languages", nargs="+", default=[])
    link = chosen.add_parser("link", help="trois fichiers par un mauvais lien, avec et sans reprise")
    link.add_argument("--seconds", type=float, default=300.0, help="au plus, pour chaque façon d’envoyer")
    uploads = chosen.add_parser(
        "uploads", help="20 envois de 50 Mo : mémoire, débits d’envoi, de chiffrement et d’antivirus"
    )
    uploads.add_argument("--files", type=int, default=20)
    uploads.add_argument("--megabytes", type=int, default=50)
    transfers = chosen.add_parser("transfers", help="100 000 virements écrits, et les réponses de la banque lues")
    transfers.add_argument("--house", action="store_true", help="par toute la maison aussi ; écrit la note")
    nomenclatures = chosen.add_parser("nomenclatures", help="reprise de la CCAM et de la BDPM, recherche d’un acte")
    nomenclatures.add_argument("--folder", default="", help="le dossier des vrais fichiers, s’ils sont là")
    population = chosen.add_parser("population", help="écrit les fichiers du registre, sans rien mesurer")
    population.add_argument("folder", type=Path)
    population.add_argument("--affiliates", type=int, default=800_000)
    population.add_argument("--seed", type=int, default=1949)
    run(parser.parse_args())


def run(asked: argparse.Namespace) -> None:
    """Do the measure that is asked, or each of them in turn."""
    if asked.measure == "population":
        from benchmarks import population

        population.write(asked.folder, affiliates=asked.affiliates, seed=asked.seed)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
    import django

    django.setup()
    from benchmarks import (
        board,
        house,
        lines,
        link,
        memory,
        nomenclatures,
        pages,
        queue,
        reading,
        registry,
        sending,
        signing_in,
        transfers,
        uploads,
        vault,
    )

    house.make_ready()
    if asked.measure in {None, "pages"}:
        pages.measure()
    if asked.measure in {None, "memory"}:
        memory.measure()
    if asked.measure in {None, "sending"}:
        sending.measure(seconds=getattr(asked, "seconds", sending.SECONDS))
    if asked.measure in {None, "signing_in"}:
        signing_in.measure(
            seconds=getattr(asked, "seconds", signing_in.SECONDS), tries=getattr(asked, "tries", signing_in.TRIES)
        )
    if asked.measure in {None, "queue"}:
        queue.measure(sizes=_sizes(asked, queue.SIZES), note=bool(getattr(asked, "claims", 0)))
    if asked.measure in {None, "board"}:
        board.measure(sizes=_sizes(asked, board.SIZES), note=bool(getattr(asked, "claims", 0)))
    if asked.measure in {None, "registry"}:
        registry.measure(affiliates=getattr(asked, "affiliates", registry.AFFILIATES))
    if asked.measure in {None, "vault"}:
        vault.measure(getattr(asked, "store", ""), getattr(asked, "heads", vault.HEADS))
    if asked.measure in {None, "lines"}:
        lines.measure(lines=getattr(asked, "lines", lines.LINES))
    if asked.measure in {None, "transfers"}:
        transfers.measure(house=getattr(asked, "house", False))
    if asked.measure in {None, "nomenclatures"}:
        nomenclatures.measure(getattr(asked, "folder", ""))
    if asked.measure in {None, "reading"}:
        reading.measure(languages=tuple(getattr(asked, "languages", ())))
    if asked.measure in {None, "link"}:
        link.measure(seconds=getattr(asked, "seconds", link.SECONDS))
    if asked.measure in {None, "uploads"}:
        uploads.measure(getattr(asked, "files", uploads.FILES), getattr(asked, "megabytes", uploads.MEGABYTES))


def _sizes(asked: argparse.Namespace, usual: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sizes of a measure: those that are asked, up to the number of claims that is asked."""
    claims = getattr(asked, "claims", 0)
    sizes = tuple(getattr(asked, "sizes", usual))
    return (*(size for size in sizes if size < claims), claims) if claims else sizes


if __name__ == "__main__":
    main()
