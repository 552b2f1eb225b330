from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "lodestock.shipping"
    label = "shipping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.organisation.services import register_subject

        from .permissions import WRITES
        from .selectors import shipments

        register_subject("shipping.shipment", shipments, change=WRITES)
