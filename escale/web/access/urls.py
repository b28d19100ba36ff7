"""The addresses of the door."""

from django.urls import path

from escale.web.access import views

app_name = "access"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("mon-espace/", views.start, name="start"),
    path("mon-espace/casquette/", views.change_hat, name="change_hat"),
]
