"""What the catalogue refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, InvalidInput, NotFound


class UnknownVariant(NotFound):
    """No variant has this SKU or key."""

    code = "unknown_variant"
    title = "There is no such variant"


class UnknownProduct(NotFound):
    """No product has this code or key."""

    code = "unknown_product"
    title = "There is no such product"


class UnknownCategory(NotFound):
    """No category has this code or key."""

    code = "unknown_category"
    title = "There is no such category"


class Duplicate(Conflict):
    """A code, SKU, GTIN or combination of options is already taken."""

    code = "duplicate"
    title = "This exists already"


class Inactive(Conflict):
    """The record was deactivated; it can be restored."""

    code = "inactive"
    title = "The record is not active"


class CategoryCycle(Conflict):
    """A category cannot lie below itself."""

    code = "category_cycle"
    title = "The tree would close into a circle"


class FixedByStock(Conflict):
    """The base unit of a product, or the tracking of a variant with stock records, stays."""

    code = "fixed_by_stock"
    title = "This cannot change any more"


class UnknownUnit(InvalidInput):
    """There is no unit of measure with this code."""

    code = "unknown_unit"
    title = "There is no such unit"


class NoConversion(InvalidInput):
    """Nobody has said how many base units of this variant the unit holds."""

    code = "no_conversion"
    title = "The units cannot be converted"


class InexactConversion(InvalidInput):
    """The result would have to be rounded, and quantities are never rounded silently."""

    code = "inexact_conversion"
    title = "The quantity does not come out even"


class OptionsConflict(Conflict):
    """The options of the product do not fit what was asked."""

    code = "options_conflict"
    title = "The options do not fit"
