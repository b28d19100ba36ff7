"""The addresses that anybody may open."""

from django.urls import path

from escale.web.public import open_data, sheets, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("mentions-legales/", views.legal, name="legal"),
    path("fiches/", sheets.sheets, name="sheets"),
    path("fiches/<slug:place>/", sheets.sheet, name="sheet"),
    path("fiches/<slug:place>/hors-connexion/", sheets.sheet_file, name="sheet_file"),
    path("donnees-ouvertes/", open_data.about, name="open_data"),
    path("donnees-ouvertes/demandes.csv", open_data.as_csv, name="open_data_csv"),
    path("donnees-ouvertes/demandes.json", open_data.as_json, name="open_data_json"),
    path("etat/", views.health, name="health"),
    path("demonstration/courrier/", views.demo_mail, name="demo_mail"),
]
