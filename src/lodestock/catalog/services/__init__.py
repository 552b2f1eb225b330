"""The verbs of the catalogue. Each opens its own transaction."""

from lodestock.kernel.ensure import Ensured

from .bulk import ensure_categories, ensure_variants
from .categories import change_category, create_category, move_category
from .options import add_option, add_option_values
from .products import change_product, create_product, deactivate_product, restore_product
from .units import remove_unit, set_unit
from .variants import (
    change_variant,
    create_variant,
    deactivate_variant,
    identity_is_fixed,
    restore_variant,
)

__all__ = [
    "Ensured",
    "add_option",
    "add_option_values",
    "change_category",
    "change_product",
    "change_variant",
    "create_category",
    "create_product",
    "create_variant",
    "deactivate_product",
    "deactivate_variant",
    "ensure_categories",
    "ensure_variants",
    "identity_is_fixed",
    "move_category",
    "remove_unit",
    "restore_product",
    "restore_variant",
    "set_unit",
]
