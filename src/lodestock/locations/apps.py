from django.apps import AppConfig


class LocationsConfig(AppConfig):
    name = "lodestock.locations"
    label = "locations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.accounts.services import register_scope
        from lodestock.accounts.types import WAREHOUSE
        from lodestock.organisation.services import register_subject

        from .selectors import visible_places

        register_scope(WAREHOUSE, "locations.location")
        register_subject("locations.location", visible_places)
