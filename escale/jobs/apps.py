"""The night shift follows the journal."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "escale.jobs"

    def ready(self) -> None:
        from escale.domain.journal import actions as journal
        from escale.jobs.reactions import queue

        journal.follow(queue)
