from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "lodestock.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.accounts.services import register_scope
        from lodestock.accounts.types import PARTNER
        from lodestock.organisation.services import register_subject

        from .selectors import visible_partners

        register_scope(PARTNER, "partners.partner")
        register_subject("partners.partner", visible_partners)
