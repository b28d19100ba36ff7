"""What points to somebody and is not in the copy of their data, and why."""

STAFF = "who of the Fund did it: its acts are those of the service (CRPA, art. L. 111-2)"
HOUSE = "how the house works, and nothing of the person"
SECRET = "what verifies a proof is never given"
TOLD = "told elsewhere in the copy"

MODELS = {
    "accounts.Attempt": "digests only, for a day, of whoever tried",
    "claims.Arrival": "what an upload will be: the file is told with the uploads",
    "claims.Hold": "an open control is not announced (CRPA, art. L. 311-5, 2°); an appeal is the person's own act",
    "claims.MedicalNote": "told on demand by the medical service (CSP, art. L. 1111-7)",
    "desk.Alert": "told by the message that made the excuse, and by the page of the claim",
    "desk.Assignment": STAFF,
    "desk.GroupedAct": STAFF,
    "desk.GroupedLine": STAFF,
    "desk.Holding": STAFF,
    "desk.SavedView": STAFF,
    "desk.Skill": STAFF,
    "controls.Control": "told on its own page once it is announced (CRPA, art. L. 311-5, 2°)",
    "controls.ControlPaper": "told on the page of its control",
    "controls.Draw": STAFF,
    "controls.DrawnFrom": "a list from which nothing may have been drawn (CRPA, art. L. 311-5, 2°)",
    "controls.Glance": "how a file was made, looked for against fraud (CRPA, art. L. 311-5, 2°)",
    "controls.Likeness": "digits drawn from an image that the person sent",
    "controls.Signal": "looked for against fraud (CRPA, art. L. 311-5, 2°; RGPD, art. 23)",
    "controls.Trace": "drawn from the lines that are told",
    "documents.Document": "told with the claims to which it is joined",
    "documents.Page": "an image drawn from a paper that the person sent",
    "documents.Part": "some bytes of an upload",
    "notices.LetterBatch": STAFF,
    "payments.Batch": STAFF,
    "rates.Rate": STAFF,
    "registry.Recusal": "a tie of an agent's private life",
    "tariffs.AmendedRow": STAFF,
    "tariffs.Edition": STAFF,
    "tariffs.TariffLine": STAFF,
}

COLUMNS = {
    "accounts.Account": {"password": SECRET, "is_active": "always true of whoever reads it"},
    "accounts.Device": {"token_digest": SECRET},
    "accounts.Grant": {"proposed_by": STAFF, "settled_by": STAFF},
    "accounts.Passkey": {"credential_id": SECRET, "public_key": SECRET, "sign_count": HOUSE},
    "accounts.RecoveryCode": {"digest": SECRET},
    "accounts.Session": {"session_data": HOUSE, "expire_date": HOUSE},
    "accounts.TotpKey": {"sealed": SECRET, "last_step": HOUSE},
    "claims.AskedPaper": {"bill": TOLD, "asked_by": STAFF, "answer": TOLD},
    "claims.Attachment": {
        "bill": TOLD, "judged_by": STAFF, "replaces": TOLD,
        "kept_from_family": "never said to the family; the beneficiary reads it of the claim",
    },
    "claims.Bill": {"request_key": HOUSE, "folded_provider": HOUSE},
    "claims.Claim": {
        "request_key": HOUSE, "order": TOLD, "copied_from": HOUSE,
    },
    "claims.ClaimLine": {"request_key": HOUSE},
    "claims.Decision": {"by": STAFF},
    "claims.MedicalOpinion": {"asked_by": STAFF, "given_by": STAFF, "attachments": TOLD},
    "claims.Pause": {"author": STAFF},
    "documents.Upload": {
        "token": HOUSE, "declared_type": TOLD, "sha256": HOUSE, "document": TOLD,
    },
    "enrolment.Enrolment": {"code_mark": SECRET, "code_digest": SECRET, "drawn": HOUSE, "handed": HOUSE,
                            "request_key": HOUSE},
    "mandates.Mandate": {"request_key": HOUSE, "delegate": TOLD},
    "notices.Notice": {"about": HOUSE},
    "notices.PaperLetter": {"about": HOUSE, "name": SECRET, "head": SECRET, "sealed": SECRET, "batch": STAFF},
    "payments.PaymentOrder": {"ordered_by": STAFF},
    "registry.Beneficiary": {"person": TOLD},
    "registry.InsuredPerson": {"folded_name": HOUSE},
    "registry.Opening": {"by": STAFF, "subject": HOUSE, "reviewed_by": STAFF, "words": STAFF},
    "registry.Protection": {"set_by": STAFF},
    "registry.Reading": {"by": STAFF, "subject": HOUSE, "hour": HOUSE, "opening": TOLD},
}  # fmt: skip
