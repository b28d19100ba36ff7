"""The ground floor registers what a production start refuses."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "escale.config"

    def ready(self) -> None:
        from escale.config import checks  # noqa: F401
