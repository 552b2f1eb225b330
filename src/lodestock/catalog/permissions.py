"""Who may change the catalogue; everybody inside the company may look."""

from __future__ import annotations

from lodestock.accounts.types import Role

_MODELS = ("category", "product", "variant", "variantuom")
_EVERYTHING = tuple(
    f"catalog.{verb}_{model}" for verb in ("add", "change", "delete") for model in _MODELS
)
_UNITS = ("catalog.add_variantuom", "catalog.change_variantuom")

GRANTS = {
    Role.PLANT_MANAGER: _EVERYTHING,
    Role.PURCHASER: _EVERYTHING,
    Role.PLANNER: ("catalog.change_variant", *_UNITS),
    Role.STOCK_KEEPER: _UNITS,
    Role.INTEGRATOR: _EVERYTHING,
}
