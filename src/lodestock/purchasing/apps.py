from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "lodestock.purchasing"
    label = "purchasing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.organisation.services import register_subject

        from .permissions import WRITES
        from .selectors import purchase_orders

        register_subject("purchasing.purchaseorder", purchase_orders, change=WRITES)
