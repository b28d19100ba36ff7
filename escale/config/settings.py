"""The settings of the house: one file, safe by default, read from the environment (docs/environment.md)."""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from escale.gateways.file_kinds import Limits
from escale.gateways.openid import Registration

env = environ.Env()

CHECKOUT = Path(__file__).parents[2]
HOME = Path(env("ESCALE_HOME", default=str(CHECKOUT / ".escale"))).absolute()

# A demonstration runs on one machine, over plain HTTP, with stand-ins for the mail server and the bank.
DEMO = env.bool("ESCALE_DEMO", default=False)
DEMO_PASSWORD = env("ESCALE_DEMO_PASSWORD", default="")
DEBUG = False
SECRET_KEY = env("ESCALE_SECRET_KEY", default="")
PUBLIC_URL = env("ESCALE_URL", default="http://localhost:8000")
MEDICAL_URL = env("ESCALE_MEDICAL_URL", default="")  # the physicians' counter, when it is apart
PASSKEY_DOMAIN = env("ESCALE_PASSKEY_DOMAIN", default="")  # else the host of PUBLIC_URL
ALLOWED_HOSTS = env.list("ESCALE_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
_COUNTERS = [PUBLIC_URL, MEDICAL_URL] if MEDICAL_URL else []
_COUNTERS += [url.replace("//localhost:", "//127.0.0.1:") for url in _COUNTERS if DEMO]  # see web/counters.py
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *_COUNTERS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "widget_tweaks",
    "dsfr",
    "procrastinate.contrib.django",
    "escale.domain.journal",
    "escale.domain.accounts",
    "escale.domain.registry",
    "escale.domain.documents",
    "escale.domain.notices",
    "escale.domain.enrolment",
    "escale.domain.mandates",
    "escale.domain.ledger",
    "escale.domain.payments",
    "escale.domain.rates",
    "escale.domain.tariffs",
    "escale.domain.claims",
    "escale.domain.controls",
    "escale.domain.statistics",
    "escale.domain.desk",
    "escale.domain.appeals",
    "escale.domain.debts",
    "escale.domain.statements",
    "escale.jobs.apps.JobsConfig",
    "escale.web",
    "escale.config.apps.ConfigConfig",
    "django.forms",  # our widgets come first, then those of the design system
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "escale.web.counters.apart",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "escale.web.law.in_force",
    "escale.web.closeness.asked_once",
]
ROOT_URLCONF = "escale.config.urls"
WSGI_APPLICATION = "escale.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "escale.web.context.house",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# PostgreSQL everywhere; the pool lives in each process, so that threads never exhaust the server.
DATABASES = {"default": {**env.db("DATABASE_URL", default="postgres://escale@localhost/escale"), "CONN_MAX_AGE": 0}}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a server that was restarted is never felt
DATABASES["default"]["OPTIONS"] = {
    # one that comes back is asked again within seconds: tries would grow rarer for minutes, and one hang for two
    "pool": {"min_size": 1, "max_size": env.int("ESCALE_DB_POOL", default=10), "timeout": 10, "reconnect_timeout": 10},
    "connect_timeout": 5,
    # the questions of a page are short: PostgreSQL would compile them for longer than it answers
    "options": "-c idle_in_transaction_session_timeout=600000 -c jit=off",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_IMPORT_PATHS = ["escale.jobs.schedule"]  # the worker finds tasks.py by itself, and not the clock
if DEMO:
    PROCRASTINATE_IMPORT_PATHS.append("escale.jobs.demo.schedule")

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["escale.domain.accounts.hashers.Argon2"]
BREACHED_PASSWORDS = env("ESCALE_BREACHED_PASSWORDS", default="")  # sorted SHA-1 lines, as Have I Been Pwned gives them
LOGIN_URL = "access:sign_in"
SESSION_ENGINE = "escale.domain.accounts.sessions"
_HERE_ONLY = "" if DEMO else "__Host-"  # browsers refuse such a cookie from another host, or without HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, DEVICE_COOKIE_NAME = (
    f"{_HERE_ONLY}escale_{name}" for name in ("session", "csrf", "device")
)
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "escale.web.public.views.forgery"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^etat/$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("ESCALE_BEHIND_PROXY", default=False) else None
)
BEHIND_PROXY = SECURE_PROXY_SSL_HEADER is not None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Who says who somebody is; a service that is not registered has no button.
COUNTER_URL = MEDICAL_URL if MEDICAL_URL and env("ESCALE_VAULT_MEDICAL_KEYS", default="") else PUBLIC_URL
OPENID = {}
if env("ESCALE_FRANCECONNECT_ISSUER", default=""):
    OPENID["franceconnect"] = Registration(
        issuer=env("ESCALE_FRANCECONNECT_ISSUER"),
        client_id=env("ESCALE_FRANCECONNECT_ID"),
        client_secret=env("ESCALE_FRANCECONNECT_SECRET"),
        redirect_uri=f"{COUNTER_URL}/connexion/franceconnect/retour/",
        scopes=("openid", "identite_pivot", "email"),
        jwt_only=env.bool("ESCALE_FRANCECONNECT_JWT_ONLY", default=True),
        prompt="login",
        plain=DEMO,
    )
if env("ESCALE_PROCONNECT_ISSUER", default=""):
    OPENID["proconnect"] = Registration(
        issuer=env("ESCALE_PROCONNECT_ISSUER"),
        client_id=env("ESCALE_PROCONNECT_ID"),
        client_secret=env("ESCALE_PROCONNECT_SECRET"),
        redirect_uri=f"{COUNTER_URL}/connexion/proconnect/retour/",
        scopes=("openid", "given_name", "usual_name", "email", "siret", "uid"),
        jwt_only=env.bool("ESCALE_PROCONNECT_JWT_ONLY", default=True),
        plain=DEMO,
    )
PROCONNECT_SIRET = env("ESCALE_PROCONNECT_SIRET", default="")  # whose agents ProConnect may name

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the design system draws its icons so
        "font-src": [SELF],
        "connect-src": [SELF],
        # who changes hats changes counters; who comes by FranceConnect or ProConnect goes there
        "form-action": [SELF, *_COUNTERS, *(service.origin for service in OPENID.values())],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() or "collectstatic" in sys.argv
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # never used: files lie in the vault
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DSFR_USE_INTEGRITY_CHECKSUMS = False  # the manifest rewrites the files, so that their published hashes no longer hold
DSFR_MARK_OPTIONAL_FIELDS = True

# Files: what one may send, and where it lies.
FILE_LIMITS = Limits(
    size=env.int("ESCALE_FILE_BYTES", default=10 * 1024 * 1024),
    pages=env.int("ESCALE_FILE_PAGES", default=50),
    pixels=env.int("ESCALE_FILE_PIXELS", default=100_000_000),
    unpacked=env.int("ESCALE_FILE_UNPACKED", default=50 * 1024 * 1024),
)
FILES_PER_CLAIM = env.int("ESCALE_FILES_PER_CLAIM", default=20)
BYTES_PER_CLAIM = env.int("ESCALE_CLAIM_BYTES", default=50 * 1024 * 1024)
UPLOADS_KEPT = timedelta(days=env.int("ESCALE_UPLOAD_DAYS", default=7))
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # what is typed; files go to disk as they come
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # more than a claim holds, so that the page can name those it refuses
VAULT = env("ESCALE_VAULT", default=f"folder:{HOME / 'vault'}")
VAULT_KEYS = Path(env("ESCALE_VAULT_KEYS", default=str(HOME / "vault-keys")))
VAULT_MEDICAL_KEYS = env("ESCALE_VAULT_MEDICAL_KEYS", default="")  # only where medical papers are opened
ORPHANS_KEPT = timedelta(days=1)
RESCAN_DAYS = env.int("ESCALE_RESCAN_DAYS", default=90)  # so long after it came, a file is scanned by new signatures
VERIFY_DAYS = env.int("ESCALE_VERIFY_DAYS", default=30)  # each file is read again within this time
SCAN_MINUTES = env.int("ESCALE_SCAN_MINUTES", default=15)  # after which a file that is not scanned alerts

# Neighbours.
CLAMD = env("ESCALE_CLAMD", default="")
CLAMD_KNOWS_TEST_ONLY = env.bool("ESCALE_CLAMD_DEMO", default=False)
EMAIL_URL = env("EMAIL_URL", default=f"folder:{HOME / 'mail'}")
EMAIL_SENDER = env("ESCALE_EMAIL_SENDER", default="ne-pas-repondre@escale.invalid")
EMAIL_SENDER_NAME = "CNMSS - Mon compte"
DEMO_IBAN = "FR7630001007941234567890185"
BANK_FOLDER = env("ESCALE_BANK_FOLDER", default=str(HOME / "bank"))
BANK_INBOX = env("ESCALE_BANK_INBOX", default=str(HOME / "bank-inbox"))
INSURERS_FOLDER = env("ESCALE_INSURERS_FOLDER", default=str(HOME / "insurers"))
BANK_DEBTOR = {
    "name": env("ESCALE_DEBTOR_NAME", default="CNMSS"),
    "iban": env("ESCALE_DEBTOR_IBAN", default=DEMO_IBAN),
    "bic": env("ESCALE_DEBTOR_BIC", default=""),
    "town": env("ESCALE_DEBTOR_TOWN", default="Toulon"),
    "country": env("ESCALE_DEBTOR_COUNTRY", default="FR"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
