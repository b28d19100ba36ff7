"""The addresses that anybody may open."""

from django.urls import path

from escale.web.public import sheets, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("mentions-legales/", views.legal, name="legal"),
    path("fiches/", sheets.sheets, name="sheets"),
    path("fiches/<slug:place>/", sheets.sheet, name="sheet"),
    path("fiches/<slug:place>/hors-connexion/", sheets.sheet_file, name="sheet_file"),
    path("etat/", views.health, name="health"),
    path("demonstration/courrier/", views.demo_mail, name="demo_mail"),
]
