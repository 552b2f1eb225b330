"""What every room shares: quantities, money, ids, model bases, clock, errors, API base classes."""
