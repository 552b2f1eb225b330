from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "lodestock.shipping"
    label = "shipping"
    default_auto_field = "django.db.models.BigAutoField"
