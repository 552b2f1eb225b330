from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "lodestock.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.organisation.services import register_subject

        from .selectors import visible_products, visible_variants

        register_subject("catalog.product", visible_products)
        register_subject("catalog.variant", visible_variants)
