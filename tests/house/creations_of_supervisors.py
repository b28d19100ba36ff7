"""What supervisors make, and those who open what they protect."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from tests import factories, supervised
from tests.domain.tariffs import editions
from tests.house.sending import Sending, form

A_DAY = "2026-09-01"


def propose_hat() -> Sending:
    person = factories.insured()
    typed = {"email": f"nouveau-{person.pk}@exemple.invalid", "name": "Gestionnaire 12", "role": "agent"}
    typed |= {"why": "Affectation", "nir": person.nir}
    return form(None, Role.SUPERVISOR, "agents:propose_hat", **typed)


def reset_staff() -> Sending:
    return form(None, Role.SUPERVISOR, "agents:reset_staff", factories.agent().signatory.pk, why="Téléphone perdu")


def recusals() -> Sending:
    typed = {"email": factories.agent().signatory.email, "nir": factories.insured().nir}
    return form(None, Role.SUPERVISOR, "agents:recusals", **typed)


def protections() -> Sending:
    return form(None, Role.SUPERVISOR, "agents:protections", nir=factories.insured().nir, reason="exposed")


def open_case() -> Sending:
    claim = factories.received()
    supervised.protected(claim.insured)
    typed = {"reason": "urgency", "words": "Rapatriement demandé ce matin."}
    return form(None, Role.AGENT, "agents:open_case", claim.number, **typed)


def propose_figure() -> Sending:
    typed = {"value": "1,5", "valid_from": A_DAY, "source": "Décret d’essai", "confidence": "law"}
    return form(None, Role.SUPERVISOR, "agents:propose_figure", "franchise_drug", **typed)


def propose_reason() -> Sending:
    typed = {
        "label": "Libellé d’essai",
        "category": "no_rights",
        "articles": "CSS, art. L. 713-1",
        "appeal": "amicable",
    }
    dated = {"valid_from": "2036-01-01", "source": "Décision d’essai", "confidence": "default"}
    return form(None, Role.SUPERVISOR, "agents:propose_reason", "R02", **typed, **dated)


def add_reason() -> Sending:
    typed = {"code": "R90", "label": "Libellé d’essai", "category": "no_rights", "articles": "CSS, art. L. 713-1"}
    dated = {"appeal": "amicable", "valid_from": "2036-01-01", "source": "Décision d’essai", "confidence": "default"}
    return form(None, Role.SUPERVISOR, "agents:add_reason", **typed, **dated)


def propose_budget() -> Sending:
    typed = {
        "ceiling": "13000000",
        "valid_from": "2036-01-01",
        "source": "Délibération d’essai",
        "confidence": "default",
    }
    return form(None, Role.SUPERVISOR, "agents:propose_budget", "ASS", **typed)


def propose_tariffs() -> Sending:
    address = reverse("agents:propose_tariffs")
    typed = {"kind": "ngap", "effective_from": A_DAY, "source": "NGAP d’essai"}

    def send(client: Client) -> HttpResponse:
        return client.post(address, typed | {"files": [SimpleUploadedFile("ngap.csv", editions.NGAP.encode())]})

    return Sending(factories.account(Role.SUPERVISOR), Role.SUPERVISOR, send)
