"""Where the web server enters the house."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")

application = get_wsgi_application()
