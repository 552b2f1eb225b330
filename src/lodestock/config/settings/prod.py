"""Facing other people. Refuses to start with the whole list of what is missing."""

from lodestock.config.production import refuse_if_incomplete
from lodestock.config.settings.base import *

refuse_if_incomplete(ENV, SECRETS)

DEBUG = False
ALLOWED_HOSTS = list(ENV.allowed_hosts)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# A probe inside the machine speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
