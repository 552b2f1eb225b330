"""For servers that speak WSGI only."""

from django.core.wsgi import get_wsgi_application

from lodestock.config.cli import prepare_process

prepare_process()
application = get_wsgi_application()
