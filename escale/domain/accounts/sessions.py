"""Where open sessions are kept: in rows that know whose they are, so that their owner may close them."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from escale.domain.accounts.models import Session


class SessionStore(db.SessionStore):
    """The store of Django, which also writes whose session it is, from which device, since when."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.account_id = data.get(SESSION_KEY)
        session.device = data.get("device", "")
        session.began_at = datetime.fromtimestamp(data["began"], UTC) if "began" in data else timezone.now()
        return session
