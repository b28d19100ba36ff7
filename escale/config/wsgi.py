"""Where the web server enters the house, once the house is found fit to open."""

import gc
import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")

application = get_wsgi_application()
call_command("check", tags=["security"])

# what the house is made of lasts as long as it does: the collector would walk through it in the middle of pages
gc.collect()
gc.freeze()
# nearly all that a page leaves goes by itself: what refers to itself is looked for now and then, not ten times a page
gc.set_threshold(10_000, 10, 10)
