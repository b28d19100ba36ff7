"""Who plays in the demonstration: the accounts, and what the registry says of the families."""

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson
from escale.domain.registry.reading import SHEETS
from escale.gateways import totp

REGISTRY = Path(__file__).with_name("registry")


@dataclass(frozen=True)
class Player:
    """Somebody whose account is there to be tried; `nir` is how the registry knows them, if it does."""

    email: str
    name: str
    roles: tuple[Role, ...]
    to_try: str
    nir: str = ""

    @property
    def hats(self) -> str:
        return " et ".join(str(role.label) for role in self.roles).lower().capitalize()


CAMILLE = Player(
    "camille@demo.example",
    "Camille Démo",
    (Role.INSURED,),
    "en affectation à Djibouti, en famille : un brouillon à finir, une pièce à remplacer, une somme réclamée",
    "185039999900149",
)
DOMINIQUE = Player(
    "dominique@demo.example",
    "Dominique Exemple",
    (Role.INSURED,),
    "en retraite : une hospitalisation aux États-Unis, une demande refusée et contestée",
    "255089999900293",
)
ANDREA = Player(
    "andrea@demo.example",
    "Andrea Essai",
    (Role.INSURED, Role.AGENT),
    "deux casquettes, jamais sur ses propres demandes ; une demande non exploitable à reprendre",
    "278119999900380",
)
AGENT = Player(
    "gestion@demo.example", "Gestionnaire 07", (Role.AGENT,), "traiter la file, demander un avis, accepter, refuser"
)
PHYSICIAN = Player("medecin@demo.example", "Médecin-conseil 03", (Role.PHYSICIAN,), "rendre l’avis médical demandé")
ACCOUNTANT = Player(
    "comptable@demo.example", "Agent comptable 01", (Role.ACCOUNTANT,), "viser les paiements, préparer un lot"
)
SUPERVISOR = Player(
    "supervision@demo.example",
    "Superviseur 02",
    (Role.SUPERVISOR,),
    "voir l’état de la file, le contrôle tiré au sort, le recours, l’indu",
)
COUNTER = Player(
    "accueil@demo.example", "Agent d’accueil 04", (Role.COUNTER,), "vérifier une identité, remettre un code, poster"
)
CHARLIE = {
    "email": "charlie@demo.example", "nir": "201059999900470", "birth_name": "Modèle", "first_names": "Charlie",
    "born": "2001-05-17",
}  # fmt: skip
"""Who has no account yet, and asks for one."""

SECOND_SUPERVISOR = Player(
    "supervision-2@demo.example", "Superviseur 05", (Role.SUPERVISOR,), "donner une casquette que l’autre a proposée"
)
SECOND_ACCOUNTANT = Player(
    "comptable-2@demo.example",
    "Agent comptable 04",
    (Role.SECOND_ACCOUNTANT,),
    "signer un lot, confirmer ce que l’autre propose",
)
AUDITOR = Player("audit@demo.example", "Auditeur 01", (Role.AUDITOR,), "lire le journal, l’exporter")

PLAYERS = (
    CAMILLE, DOMINIQUE, ANDREA, AGENT, PHYSICIAN, ACCOUNTANT, SUPERVISOR, COUNTER,
    SECOND_SUPERVISOR, SECOND_ACCOUNTANT, AUDITOR,
)  # fmt: skip


def arrive(password: str) -> None:
    """Give each player an account with this password, and take the families into the registry."""
    for sheet in SHEETS:
        file = REGISTRY / f"{sheet.name}.csv"
        registry.take_over(file=file, refuse=lambda refusal: None, progress=lambda read: None, by=SYSTEM)
    for player in PLAYERS:
        account = Account.objects.create_account(
            email=player.email, password=password, name=player.name, roles=player.roles
        )
        if player.nir:
            InsuredPerson.objects.bearing(player.nir).update(account=account)


def protect() -> None:
    """Give an application to the players of the Fund who have no second proof; the page that asks shows its code."""
    for player in PLAYERS:
        account = Account.objects.get(email=player.email)
        if player.roles != (Role.INSURED,) and not queries.has_factor(account):
            secret = totp.draw()
            code = totp.code(secret, totp.step_at(timezone.now()))
            accounts.add_application(account=account, secret=secret, code=code)


def are_here() -> bool:
    """Tell whether the players have arrived."""
    return Account.objects.filter(email=PLAYERS[0].email).exists()


def change_password(password: str) -> None:
    """Give the players this password, if it is not theirs already."""
    players = list(Account.objects.filter(email__in=[player.email for player in PLAYERS]).order_by("pk"))
    if players[0].check_password(password):
        return
    for account in players:
        account.set_password(password)
        account.save(update_fields=["password"])


def actor(player: Player, *, hat: Role | None = None) -> Actor:
    """Return a player under this hat, or the first of theirs."""
    return Actor(hat or player.roles[0], Account.objects.get(email=player.email))


def insured(player: Player) -> InsuredPerson:
    """Return what the registry knows of a player."""
    return InsuredPerson.objects.select_related("account").bearing(player.nir).get()
