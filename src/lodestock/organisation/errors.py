"""What this room refuses."""

from __future__ import annotations

from lodestock.kernel.errors import InvalidInput, NotFound


class UnknownSite(NotFound):
    """No active site has that code."""

    code = "unknown_site"


class UnknownSeries(NotFound):
    """No active number series has that code."""

    code = "unknown_series"


class UnknownCurrency(InvalidInput):
    """No active currency has that code."""

    code = "unknown_currency"


class UnknownUnit(InvalidInput):
    """No active unit of measure has that code."""

    code = "unknown_unit"


class UnknownReason(InvalidInput):
    """No active reason of the family has that code."""

    code = "unknown_reason"


class NoRate(InvalidInput):
    """No exchange rate is known on or before the day."""

    code = "no_rate"


class IncompatibleUnits(InvalidInput):
    """The units measure different things, or one is a pack whose content the variant knows."""

    code = "incompatible_units"


class BadNumberPattern(InvalidInput):
    """A number series' pattern cannot be read."""

    code = "bad_number_pattern"
