from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "lodestock.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .selectors import departments_visible_to, sites_visible_to
        from .subjects import register_subject

        register_subject("organisation.site", sites_visible_to)
        register_subject("organisation.department", departments_visible_to)
