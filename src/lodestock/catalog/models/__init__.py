"""Categories, products, variants and their units."""

from .categories import Category
from .gtins import GtinClaim
from .products import Product
from .units import VariantUom
from .variants import Variant

__all__ = ["Category", "GtinClaim", "Product", "Variant", "VariantUom"]
