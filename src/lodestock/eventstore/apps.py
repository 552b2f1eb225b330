from django.apps import AppConfig


class EventstoreConfig(AppConfig):
    name = "lodestock.eventstore"
    label = "eventstore"
    default_auto_field = "django.db.models.BigAutoField"
