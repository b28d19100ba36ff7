"""What is told to somebody of themselves: each table, and which of its columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import (
    Account,
    Device,
    Grant,
    Hat,
    Identity,
    Passkey,
    PendingAddress,
    RecoveryCode,
    Role,
    Session,
    TotpKey,
)
from escale.domain.claims.models import (
    AskedPaper,
    Attachment,
    Award,
    Bill,
    Claim,
    ClaimLine,
    Decision,
    DecisionLetter,
    MedicalOpinion,
    Pause,
    Remark,
)
from escale.domain.documents.models import Upload
from escale.domain.enrolment.models import Enrolment
from escale.domain.journal.models import Entry
from escale.domain.mandates.models import Mandate
from escale.domain.notices.models import Notice, PaperLetter
from escale.domain.payments.models import BankEvent, PaymentLine, PaymentOrder
from escale.domain.registry.models import (
    BankAccount,
    Beneficiary,
    Entitlement,
    InsuredPerson,
    Opening,
    OpeningReason,
    PostalAddress,
    Posting,
    Protection,
    Reading,
)

Rows = Callable[[Account], "QuerySet[Any]"]


@dataclass(frozen=True)
class Part:
    """
    A table, and what is told of each of its rows; the parts of a part are found under their own name in its rows.

    A column of another table is told under its last name (`document__sha256` is `sha256`).
    """

    name: str
    title: Any
    model: type[Model]
    columns: str
    rows: Rows = lambda account: Account.objects.none()
    parts: tuple["Part", ...] = ()
    printed: bool = True
    veiled: str | None = None
    """The columns told of another adult's care, whose nature only they read; all of them unless said."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns, in the order in which they are told."""
        return tuple(self.columns.split())

    def told(self, *, veiled: bool) -> frozenset[str]:
        """Return the columns that are told; the others are left empty."""
        return frozenset((self.columns if self.veiled is None or not veiled else self.veiled).split())


def _of_account(model: type[Model]) -> Rows:
    return lambda account: model._default_manager.filter(account=account)


def _of_insured(model: type[Model]) -> Rows:
    return lambda account: model._default_manager.filter(insured__account=account)


def _own_acts(account: Account) -> "QuerySet[Entry]":
    return Entry.objects.filter(actor=account, hat__in=["", Role.INSURED])


_PERIOD = "valid_from valid_until"

_LINES = Part(
    "lines",
    _("Soins"),
    ClaimLine,
    "given_on care amount paid_elsewhere act quantity days exemption stated_tariff decided unforeseen authorised"
    " in_hospital emergency heavy state_of_stay pregnancy_found_on edition rate rate_source rate_on expense due"
    " participation franchise counted_on refused reason_code reason explanation to_judge estimate",
    veiled="given_on amount paid_elsewhere rate expense due",
)
_AWARDS = Part("awards", _("Sommes ordonnées"), Award, "line__given_on amount", veiled="line__given_on amount")
_CLAIM_PARTS = (
    Part("bills", _("Factures"), Bill, "provider currency paid_on", parts=(_LINES,), veiled="currency paid_on"),
    Part(
        "attachments",
        _("Pièces jointes"),
        Attachment,
        "paper medical document__name document__media_type document__size document__sha256 document__received_at"
        " document__status verdict verdict_words judged_at appeal",
        veiled="",
    ),
    Part("asked_papers", _("Pièces demandées"), AskedPaper, "paper label words asked_at ended_at", veiled=""),
    Part("remarks", _("Annotations de gestion"), Remark, "text at", veiled=""),
    Part("opinions", _("Avis médicaux"), MedicalOpinion, "question asked_at outcome code given_at", veiled=""),
    Part("pauses", _("Pauses du délai"), Pause, "reason paused_from paused_until"),
    Part(
        "decisions",
        _("Décisions"),
        Decision,
        "at taken_at final total second_look annulled_at",
        parts=(_AWARDS,),
        veiled="at taken_at final total",
    ),
)

CONTENTS = (
    Part(
        "person",
        _("Identité"),
        InsuredPerson,
        "nir birth_name used_name first_names born_on category basis residence",
        lambda account: InsuredPerson.objects.filter(account=account),
    ),
    Part(
        "beneficiaries",
        _("Bénéficiaires et droits ouverts"),
        Beneficiary,
        f"link last_name first_names born_on {_PERIOD}",
        _of_insured(Beneficiary),
        parts=(
            Part("entitlements", _("Droits ouverts"), Entitlement, f"{_PERIOD} opened_because closed_because"),
        ),
    ),
    Part(
        "known_as",
        _("Vous, bénéficiaire d’un autre assuré"),
        Beneficiary,
        f"insured link {_PERIOD}",
        lambda account: Beneficiary.objects.filter(person__account=account).exclude(insured__account=account),
    ),
    Part("postings", _("Affectations"), Posting, f"territory {_PERIOD} with_family", _of_insured(Posting)),
    Part(
        "bank_accounts",
        _("Comptes bancaires"),
        BankAccount,
        f"iban holder by_hand bank_name bic branch currency source status declared_at {_PERIOD}",
        _of_insured(BankAccount),
    ),
    Part("addresses", _("Adresses postales"), PostalAddress, f"lines {_PERIOD}", _of_insured(PostalAddress)),
    Part(
        "claims",
        _("Demandes de remboursement"),
        Claim,
        "number status beneficiary territory stay stay_from stay_until opex accident choice opened_at sent_at due_on"
        " reopened_on papers_destroyed_at",
        _of_insured(Claim),
        parts=_CLAIM_PARTS,
        veiled="number status beneficiary territory stay_from stay_until opened_at sent_at due_on papers_destroyed_at",
    ),
    Part(
        "care_claimed_by_others",
        _("Vos soins, dans les demandes d’un autre assuré"),
        Claim,
        "number status insured territory stay stay_from stay_until opex accident sent_at kept_from_family",
        lambda account: Claim.objects.concerning(Actor(Role.INSURED, account)),
        parts=_CLAIM_PARTS,
    ),
    Part("decision_letters", _("Courriers de décision"), DecisionLetter,
         "decision__claim__number deposited_at first_read_at appeal_months sha256",
         lambda account: DecisionLetter.objects.filter(decision__claim__insured__account=account)),
    Part("uploads", _("Fichiers en cours d’envoi"), Upload,
         "name size received status opened_at moved_at refusal", _of_insured(Upload),
         veiled="size received status opened_at moved_at"),
    Part("payments", _("Paiements"), PaymentOrder,
         "reference status holder iban amount ordered_at rejection batch__sent_at paid_on",
         _of_insured(PaymentOrder)),
    Part("payment_lines", _("Lignes des paiements"), PaymentLine, "order__reference label legal_basis amount",
         lambda account: PaymentLine.objects.filter(order__insured__account=account)),
    Part("bank_events", _("Ce que la banque a dit des paiements"), BankEvent,
         "order__reference what amount currency booked_on reason_told account",
         lambda account: BankEvent.objects.filter(order__insured__account=account)),
    Part("messages", _("Messages reçus"), Notice,
         "written_at title body address kind status sent_at", _of_account(Notice)),
    Part("letters", _("Courriers"), PaperLetter, "written_at kind address status", _of_insured(PaperLetter)),
    Part("mandates_given", _("Mandats que vous avez donnés"), Mandate,
         f"name address tie acts {_PERIOD} status offered_at",
         lambda account: Mandate.objects.filter(principal__account=account)),
    Part("mandates_received", _("Mandats que vous avez reçus"), Mandate,
         f"principal tie acts {_PERIOD} status offered_at",
         lambda account: Mandate.objects.filter(delegate=account)),
    Part("readings", _("Consultations de votre dossier par la Caisse"), Reading,
         "at role purpose number paper medical", _of_insured(Reading), veiled="at role purpose number"),
    Part("protection", _("Protection de votre dossier"), Protection, "reason set_at", _of_insured(Protection)),
    Part("openings", _("Ouvertures exceptionnelles de votre dossier"), Opening,
         "opened_at role reason until reviewed_at",
         lambda account: Opening.objects.filter(insured__account=account).exclude(reason=OpeningReason.ORDERED)),
    Part("enrolments", _("Demandes de compte"), Enrolment,
         "number purpose status email nir birth_name first_names born asked_at code_at tries",
         lambda account: Enrolment.objects.filter(Q(insured__account=account) | Q(account=account))),
    Part("account", _("Compte"), Account, "email name created_at last_login",
         lambda account: Account.objects.filter(pk=account.pk)),
    Part("pending_address", _("Adresse e-mail à confirmer"), PendingAddress,
         "address asked_at", _of_account(PendingAddress)),
    Part("hats", _("Casquettes"), Hat, "role", _of_account(Hat)),
    Part("grants", _("Attributions de casquettes"), Grant,
         "role why proposed_at given settled_at", _of_account(Grant)),
    Part("identities", _("Identités reconnues"), Identity, "provider subject bound_at", _of_account(Identity)),
    Part("passkeys", _("Clés d’accès"), Passkey, "name added_at used_at", _of_account(Passkey)),
    Part("totp", _("Application d’authentification"), TotpKey, "added_at", _of_account(TotpKey)),
    Part("recovery_codes", _("Codes de secours"), RecoveryCode, "used_at", _of_account(RecoveryCode)),
    Part("sessions", _("Sessions ouvertes"), Session, "device began_at seen_at", _of_account(Session)),
    Part("devices", _("Appareils connus"), Device, "label first_seen_at last_seen_at", _of_account(Device)),
    Part("acts", _("Vos actes dans le service"), Entry, "at event subject hat facts", _own_acts, printed=False),
)  # fmt: skip
"""All the tables, in the order in which a person reads them."""

WITHHELD = (
    (
        _("Les notes du médecin-conseil"),
        _("Elles vous sont communiquées sur demande au service médical, à vous ou au médecin que vous choisissez "
          "(code de la santé publique, art. L. 1111-7)."),
    ),
    (
        _("Le nom des agents"),
        _("Les actes de la Caisse sont faits au nom du service (CRPA, art. L. 111-2)."),
    ),
    (
        _("Le contenu des pièces que vous avez envoyées"),
        _("Cette copie donne leur nom et leur empreinte SHA-256 ; les fichiers vous sont remis sur demande."),
    ),
    (
        _("Les contrôles en cours"),
        _("La loi permet de ne pas les annoncer tant qu’ils durent (CRPA, art. L. 311-5, 2°)."),
    ),
    (
        _("Vos mots de passe, clés et codes"),
        _("La Caisse n’en garde que de quoi les vérifier."),
    ),
)  # fmt: skip
"""What is not in the copy, and why."""
