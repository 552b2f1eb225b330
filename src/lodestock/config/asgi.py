"""What uvicorn serves."""

from django.core.asgi import get_asgi_application

from lodestock.config.cli import prepare_process

prepare_process()
application = get_asgi_application()
