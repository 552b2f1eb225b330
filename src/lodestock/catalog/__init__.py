"""Products, variants, categories, units per variant."""
