"""Under pytest. The harness points DATABASES at a clone of the template database."""

from lodestock.config.settings.base import *

DATABASES["default"]["OPTIONS"].pop("pool", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
SITE_URL = "https://lodestock.example"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Every event a test records must fit its JSON Schema.
EVENT_SCHEMAS_CHECKED = True
LOGGING["root"]["level"] = "WARNING"
