"""Master data by the thousand: what imports call, set-based, each row with its own outcome."""

from lodestock.kernel.ensure import Ensured

from .categories import ensure_categories
from .variants import ensure_variants

__all__ = ["Ensured", "ensure_categories", "ensure_variants"]
