"""The addresses of the door."""

from django.urls import path

from escale.web.access import factors, security, views

app_name = "access"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/preuve/", factors.second_factor, name="second_factor"),
    path("connexion/cle/", factors.sign_in_by_passkey, name="sign_in_by_passkey"),
    path("connexion/cle/defi/", factors.challenge, name="challenge"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("mon-espace/", views.start, name="start"),
    path("mon-espace/casquette/", views.change_hat, name="change_hat"),
    path("mon-espace/prolonger/", views.prolong, name="prolong"),
    path("mon-espace/preuve/", factors.prove, name="prove"),
    path("mon-espace/securite/", security.page, name="security"),
]
