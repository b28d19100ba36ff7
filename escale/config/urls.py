"""The addresses of the house."""

from django.urls import include, path

urlpatterns = [
    path("", include("escale.web.public.urls")),
    path("", include("escale.web.access.urls")),
    path("mon-compte/", include("escale.web.insured.urls")),
    path("gestion/", include("escale.web.agents.urls")),
]

handler400 = "escale.web.public.views.bad_request"
handler403 = "escale.web.public.views.forbidden"
handler404 = "escale.web.public.views.not_found"
handler500 = "escale.web.public.views.broken"
