"""The roof as a Django application: its commands are found, and the rooms are introduced."""

from django.apps import AppConfig

from lodestock.config.env import env
from lodestock.config.observability.tracing import start_tracing


class RoofConfig(AppConfig):
    name = "lodestock.config"
    label = "config"

    def ready(self) -> None:
        """Introduce adapters to the ports of the rooms, in every kind of process."""
        # Only now do the models that the services need exist.
        from lodestock.config.wiring import wire

        wire()
        if env().tracing:
            start_tracing()
