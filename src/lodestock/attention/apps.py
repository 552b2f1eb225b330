from django.apps import AppConfig


class AttentionConfig(AppConfig):
    name = "lodestock.attention"
    label = "attention"
    default_auto_field = "django.db.models.BigAutoField"
