"""The addresses of the Fund's space."""

app_name = "agents"
urlpatterns: list = []
