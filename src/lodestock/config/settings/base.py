"""What every way of running the program shares."""

from pathlib import Path

from lodestock.config.database import direct_database, django_database
from lodestock.config.env import env
from lodestock.config.secrets import load_secrets
from lodestock.config.settings.parts.api import *
from lodestock.config.settings.parts.api import SIMPLE_JWT
from lodestock.config.settings.parts.apps import *
from lodestock.config.settings.parts.backoffice import *
from lodestock.config.settings.parts.jobs import *
from lodestock.config.settings.parts.logs import configure_structlog, logging_config
from lodestock.config.settings.parts.security import *

ENV = env()
SECRETS = load_secrets(ENV.home)

SECRET_KEY, *SECRET_KEY_FALLBACKS = SECRETS["django"]
SIMPLE_JWT["SIGNING_KEY"] = SECRETS["jwt"][0]
JWT_VERIFYING_KEYS = SECRETS["jwt"]
FIELD_ENCRYPTION_KEYS = SECRETS["field"]

DEBUG = ENV.debug
ALLOWED_HOSTS = [*ENV.allowed_hosts, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = list(ENV.trusted_origins)
SITE_URL = ENV.site_url
if ENV.behind_https_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "lodestock.config.urls"
ASGI_APPLICATION = "lodestock.config.asgi.application"
WSGI_APPLICATION = "lodestock.config.wsgi.application"

DATABASES = {"default": django_database(ENV)}
DATABASE_DIRECT = direct_database(ENV)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"

HOME = ENV.home
FILES_ROOT = ENV.home / "files"
MEDIA_ROOT = FILES_ROOT / "media"
STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
# The wheel carries no collected files: whitenoise serves each application's own folder.
WHITENOISE_USE_FINDERS = True
PACKAGE_ROOT = Path(__file__).resolve().parents[2]

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.cache_url}
        if ENV.cache_url
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

BROKER_URL = ENV.broker_url
METRICS_TOKEN = ENV.metrics_token
LOGGING = logging_config(ENV.log_format, ENV.log_level, ENV.log_file)
configure_structlog()
