from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "lodestock.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .broker.install import prepare_broker
        from .schedules import ensure_schedules

        autodiscover_modules("tasks")
        post_migrate.connect(prepare_broker, dispatch_uid="jobs.prepare_broker")
        post_migrate.connect(ensure_schedules, dispatch_uid="jobs.ensure_schedules")
