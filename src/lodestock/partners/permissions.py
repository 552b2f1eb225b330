"""Who may change partners; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

_MODELS = ("partner", "contact", "address")
_EVERYTHING = tuple(
    f"partners.{verb}_{model}" for verb in ("add", "change", "delete") for model in _MODELS
)
_TERMS = tuple(f"partners.{verb}_paymentterms" for verb in ("add", "change", "delete"))

GRANTS = {
    Role.PLANT_MANAGER: _EVERYTHING,
    Role.PURCHASER: _EVERYTHING,
    Role.ORDER_CLERK: _EVERYTHING,
    Role.FINANCE: (*_TERMS, "partners.change_partner"),
    Role.INTEGRATOR: (*_EVERYTHING, *_TERMS),
}
