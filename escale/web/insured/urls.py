"""The addresses of the insured person's space."""

from django.urls import path

from escale.web.insured import bills, following, home, locked, papers, replacing, sending, stay, tariff, uploads

app_name = "insured"
urlpatterns = [
    path("", home.home, name="home"),
    path("demandes/", home.claims, name="claims"),
    path("demandes/nouvelle/", stay.new_claim, name="new_claim"),
    path("demandes/<slug:number>/", following.claim, name="claim"),
    path("demandes/<slug:number>/recepisse/", following.receipt, name="receipt"),
    path("demandes/<slug:number>/decompte/", following.statement, name="statement"),
    path("demandes/<slug:number>/reprendre/", following.start_again, name="start_again"),
    path("demandes/<slug:number>/sejour/", stay.where, name="where"),
    path("demandes/<slug:number>/beneficiaire/", stay.beneficiary, name="beneficiary"),
    path("demandes/<slug:number>/tarif/", tariff.tariff, name="tariff"),
    path("demandes/<slug:number>/factures/", bills.bills, name="bills"),
    path("demandes/<slug:number>/factures/ajouter/", bills.add_bill, name="add_bill"),
    path("demandes/<slug:number>/factures/<int:bill>/", bills.change_bill, name="change_bill"),
    path("demandes/<slug:number>/factures/<int:bill>/retirer/", bills.remove_bill, name="remove_bill"),
    path("demandes/<slug:number>/factures/<int:bill>/soins/", bills.add_line, name="add_line"),
    path("demandes/<slug:number>/soins/<int:line>/", bills.change_line, name="change_line"),
    path("demandes/<slug:number>/soins/<int:line>/retirer/", bills.remove_line, name="remove_line"),
    path("demandes/<slug:number>/pieces/", papers.documents, name="documents"),
    path("demandes/<slug:number>/pieces/<int:attachment>/retirer/", papers.remove_file, name="remove_file"),
    path("demandes/<slug:number>/pieces/envois/<uuid:token>/retirer/", locked.forget_upload, name="forget_upload"),
    path("demandes/<slug:number>/pieces/envois/<uuid:token>/mot-de-passe/", locked.unlock_upload, name="unlock_upload"),
    path("demandes/<slug:number>/pieces/envois/", uploads.uploads, name="uploads"),
    path("demandes/<slug:number>/pieces/envois/<uuid:token>/", uploads.upload, name="upload"),
    path("demandes/<slug:number>/pieces/<int:attachment>/remplacer/", replacing.replace, name="replace"),
    path("demandes/<slug:number>/pieces/demandees/<int:asked>/", replacing.answer, name="answer"),
    path("demandes/<slug:number>/envoi/", sending.review, name="review"),
    path("demandes/<slug:number>/supprimer/", sending.discard, name="discard"),
]
