"""The ground floor registers what a production start refuses, and how a dead database connection is known."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "escale.config"

    def ready(self) -> None:
        from escale.config import checks, pool  # noqa: F401

        pool.watch()
