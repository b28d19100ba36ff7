"""The addresses of the insured person's space."""

app_name = "insured"
urlpatterns: list = []
