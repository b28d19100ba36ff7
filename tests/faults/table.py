"""Every fault that is injected: its name, the moment when it strikes, how, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import strikes
from tests.faults.strikes import Blow

Act = Callable[[Blow], None]


def nothing(_blow: Blow) -> None:
    """It ends by itself."""


@dataclass(frozen=True)
class Fault:
    """
    What strikes, at which moment of a claim's story, how, and how it is lifted after so many seconds.

    `virus`: some of the papers sent meanwhile are infected, and must be found so. `crowd`: the moment's request is
    made fifty times at once, nothing else is struck. `afterwards` is what the house's clock would do later. A heavy
    one takes longer than a short draw can wait. An elusive one waits for its prey, and may go home without.
    """

    name: str
    moment: str
    strike: Act = nothing
    lift: Act = nothing
    lasts: float = 0.0
    virus: bool = False
    crowd: bool = False
    afterwards: Act | None = None
    heavy: bool = False
    elusive: bool = False


_KILLED = (
    ("les processus web", strikes.kill_web_workers),
    ("le serveur web entier", strikes.kill_web),
    ("le travail de fond", strikes.kill_worker),
    ("clamd", strikes.kill_clamd),
    ("PostgreSQL", strikes.kill_postgres),
)
_MOMENTS = {
    "upload 1%": "à 1 % d’un fichier",
    "upload 50%": "à 50 % d’un fichier",
    "upload 99%": "à 99 % d’un fichier",
    "during send": "pendant l’envoi de la demande",
    "during scan": "pendant le contrôle",
}
_ASKED = {
    "draft": "l’ouverture d’un brouillon",
    "bill": "l’ajout d’une facture",
    "line": "l’ajout d’une ligne",
    "file": "l’envoi d’un fichier",
    "send": "l’envoi de la demande",
}
_HARMED = (
    ("effacé", strikes.delete_a_file),
    ("changé d’un bit", strikes.flip_a_bit),
    ("échangé avec un autre", strikes.swap_two_files),
    ("tronqué", strikes.cut_a_file_short),
)
NO_FAULT = "aucune panne, pour comparer"
S = strikes

TABLE: list[Fault] = [
    Fault(NO_FAULT, "file"),
    *(Fault(f"kill -9 : {victim}, {when}", moment, strike, heavy=moment == "during scan")
      for victim, strike in _KILLED for moment, when in _MOMENTS.items()),
    Fault("kill -9 : un processus de PostgreSQL, pendant l’envoi", "during send", S.kill_a_backend),
    *(Fault(f"réponse au COMMIT perdue, {when}", moment, S.lose_a_commit, S.lift_lines, 1.0, elusive=True)
      for moment, when in _ASKED.items()),
    *(Fault(f"réponse du site perdue, {when}", moment, S.lose_the_answer, S.lift_lines, 1.0, elusive=True)
      for moment, when in _ASKED.items()),
    Fault("réponse au COMMIT perdue, travail de fond", "send", S.lose_a_commit_of_the_worker, S.lift_lines, 3.0,
          elusive=True),
    *(Fault(f"liaison coupée, {when}", moment, S.cut_the_visitors)
      for moment, when in _MOMENTS.items() if moment.startswith("upload")),
    Fault("base : liaisons coupées, pendant l’envoi", "during send", S.cut_the_database),
    Fault("base : liaisons coupées, pendant le contrôle", "during scan", S.cut_the_database, heavy=True),
    Fault("base : liaisons refusées 3 s", "file", S.refuse_the_database, S.lift_lines, 3.0),
    Fault("base : silence de 3 s", "file", S.silence_the_database, S.lift_lines, 3.0),
    Fault("disque plein 3 s, envoi d’un fichier", "file", S.fill_the_disk, S.free_the_disk, 3.0),
    Fault("disque plein 3 s, images des pages", "send", S.fill_the_disk, S.free_the_disk, 3.0),
    Fault("écriture refusée 3 s (RLIMIT_FSIZE)", "file", S.forbid_writing, S.allow_writing, 3.0),
    Fault("fsync en erreur une fois sur deux", "file", S.break_fsync, S.mend_fsync, 3.0, heavy=True),
    Fault("clamd arrêté 3 s", "send", S.stop_clamd, S.start_clamd, 3.0, virus=True),
    Fault("clamd figé 3 s", "send", S.freeze_clamd, S.thaw_clamd, 3.0, virus=True),
    Fault("clamd : liaisons rompues 3 s", "send", S.reset_clamd, S.lift_lines, 3.0, virus=True),
    Fault("clamd : silence de 3 s", "send", S.silence_clamd, S.lift_lines, 3.0, virus=True),
    Fault("clamd relit ses signatures", "send", S.reload_clamd, virus=True),
    Fault("clamd répond ERROR ou raccroche 3 s", "send", S.confuse_clamd, S.lift_lines, 3.0, virus=True),
    Fault("clamd lent", "send", S.slow_clamd, S.lift_lines, 5.0, virus=True),
    *(Fault(f"fichier {how}, avant le contrôle", "send", harm) for how, harm in _HARMED),
    *(Fault(f"fichier {how}, après le contrôle", "at rest", harm, afterwards=S.read_every_file_again)
      for how, harm in _HARMED),
    *(Fault(f"50 fois à la fois, {when}", moment, crowd=True) for moment, when in _ASKED.items()),
]  # fmt: skip
