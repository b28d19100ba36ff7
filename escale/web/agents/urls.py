"""The addresses of the Fund's space, counter by counter."""

from django.urls import path

from escale.web.agents import (
    acts,
    board,
    case,
    decisions,
    keeping,
    opinions,
    papers,
    payments,
    queue,
    rates,
    tariffs,
    verdicts,
)

app_name = "agents"
urlpatterns = [
    path("", queue.waiting, name="queue"),
    path("demandes/<str:number>/", case.show, name="case"),
    path("demandes/<str:number>/lignes/<int:pk>/", case.assess, name="assess"),
    path("demandes/<str:number>/avis/", decisions.ask_opinion, name="ask_opinion"),
    path("demandes/<str:number>/accepter/", decisions.approve, name="approve"),
    path("demandes/<str:number>/refuser/", decisions.refuse, name="refuse"),
    path("demandes/<str:number>/pieces/<int:pk>/pages/<int:page>.jpg", papers.page, name="page"),
    path("demandes/<str:number>/pieces/<int:pk>/constat/", verdicts.judge, name="judge"),
    path("demandes/<str:number>/conservation/", keeping.hold, name="hold"),
    path("demandes/<str:number>/conservation/<int:pk>/lever/", keeping.release, name="release"),
    path("cours/", rates.show, name="rates"),
    path("cours/proposer/", rates.propose, name="propose_rate"),
    path("cours/<int:pk>/confirmer/", rates.confirm, name="confirm_rate"),
    path("cours/<int:pk>/ecarter/", rates.reject, name="reject_rate"),
    path("cours/<int:pk>/retirer/", rates.withdraw, name="withdraw_rate"),
    path("demandes/<str:number>/lignes/<int:pk>/actes/", acts.show, name="acts"),
    path("actes/", acts.offered, name="offered_acts"),
    path("baremes/", tariffs.show, name="tariffs"),
    path("baremes/<int:pk>/", tariffs.edition, name="tariff_edition"),
    path("baremes/<int:pk>/mettre-en-vigueur/", tariffs.put_in_force, name="put_tariff_in_force"),
    path("baremes/<int:pk>/ecarter/", tariffs.reject, name="reject_tariff"),
    path("medical/", opinions.waiting, name="opinions"),
    path("medical/<str:number>/", opinions.show, name="opinion"),
    path("medical/<str:number>/pieces/<int:pk>/pages/<int:page>.jpg", papers.medical_page, name="medical_page"),
    path("comptabilite/", payments.orders, name="payments"),
    path("comptabilite/ordres/<str:reference>/", payments.order, name="order"),
    path("comptabilite/ordres/<str:reference>/refuser/", payments.reject, name="reject"),
    path("comptabilite/lots/", payments.batches, name="batches"),
    path("comptabilite/lots/preparer/", payments.prepare, name="prepare"),
    path("comptabilite/lots/<str:reference>.xml", payments.batch_file, name="batch_file"),
    path("supervision/", board.show, name="board"),
]
