from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "lodestock.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.organisation.services import register_subject

        from .permissions import WRITES
        from .selectors import sales_orders

        register_subject("sales.salesorder", sales_orders, change=WRITES)
