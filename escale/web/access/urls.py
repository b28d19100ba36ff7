"""The addresses of the door."""

from django.urls import path

from escale.domain.accounts.models import Provider
from escale.web.access import (
    creating,
    factors,
    invited,
    leaving,
    openid,
    partner,
    protecting,
    recovering,
    security,
    views,
)

app_name = "access"
FRANCECONNECT, PROCONNECT = {"provider": Provider.FRANCECONNECT}, {"provider": Provider.PROCONNECT}
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/preuve/", factors.second_factor, name="second_factor"),
    path("connexion/cle/", factors.sign_in_by_passkey, name="sign_in_by_passkey"),
    path("connexion/cle/defi/", factors.challenge, name="challenge"),
    path("connexion/acces-perdu/", recovering.recover, name="recover"),
    path("connexion/acces-perdu/message/", recovering.asked, name="recover_asked"),
    path("connexion/acces-perdu/preuve/", recovering.restore, name="restore"),
    path("connexion/acces-perdu/poster/", recovering.by_letter, name="recover_by_letter"),
    path("connexion/acces-perdu/courrier/", recovering.letter_leaves, name="letter_leaves"),
    path("connexion/acces-perdu/<str:token>/", recovering.follow, name="recover_follow"),
    path("creer-mon-compte/", creating.create, name="create"),
    path("creer-mon-compte/demande/", creating.ask, name="create_ask"),
    path("creer-mon-compte/message/", creating.asked, name="create_asked"),
    path("creer-mon-compte/confirmer/", creating.confirm, name="confirm"),
    path("creer-mon-compte/confirmer/<str:token>/", creating.follow, name="create_follow"),
    path("creer-mon-compte/courrier/", creating.confirmed, name="confirmed"),
    path("creer-mon-compte/code/", creating.redeem, name="redeem"),
    path("connexion/franceconnect/", openid.start, FRANCECONNECT, name="franceconnect"),
    path("connexion/franceconnect/retour/", openid.come_back, FRANCECONNECT, name="franceconnect_back"),
    path("connexion/franceconnect/numero/", openid.join, name="join"),
    path("connexion/proconnect/", openid.start, PROCONNECT, name="proconnect"),
    path("connexion/proconnect/retour/", openid.come_back, PROCONNECT, name="proconnect_back"),
    path("deconnexion/franceconnect/", leaving.left, FRANCECONNECT, name="franceconnect_left"),
    path("deconnexion/proconnect/", leaving.left, PROCONNECT, name="proconnect_left"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("mon-espace/", views.start, name="start"),
    path("mon-espace/casquette/", views.change_hat, name="change_hat"),
    path("mon-espace/prolonger/", views.prolong, name="prolong"),
    path("mon-espace/preuve/", factors.prove, name="prove"),
    path("mon-espace/securite/", security.page, name="security"),
    path("mon-espace/securite/mot-de-passe/", security.password, name="password"),
    path("mon-espace/securite/sessions/", security.close_sessions, name="close_sessions"),
    path("mon-espace/securite/appareils/<int:pk>/oublier/", security.forget_device, name="forget_device"),
    path("mon-espace/securite/application/", protecting.application, name="application"),
    path("mon-espace/securite/application/retirer/", protecting.remove_application, name="remove_application"),
    path("mon-espace/securite/cles/", protecting.passkey, name="passkey"),
    path("mon-espace/securite/cles/defi/", protecting.passkey_challenge, name="passkey_challenge"),
    path("mon-espace/securite/cles/<int:pk>/retirer/", protecting.remove_passkey, name="remove_passkey"),
    path("mon-espace/securite/codes/", protecting.codes, name="codes"),
    path("mon-espace/partenaire/", partner.show, name="partner"),
    path("invitation/<str:token>/", invited.take_up, name="invited"),
]
