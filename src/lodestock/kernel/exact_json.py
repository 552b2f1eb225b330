"""JSON in which a ``Decimal`` is a number with the same digits, never a float.

For our own columns and our own SQL. On the wire to others decimals are text.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

#: NUL cannot occur in jsonb text, so no value of a user can imitate the mark.
_MARK = "\x00decimal:"
_MARKED = re.compile(r'"\\u0000decimal:([-+0-9.E]+)"')


class ExactEncoder(json.JSONEncoder):
    """Decimals as numbers, digit for digit; days and instants as ISO text; nothing else new."""

    def encode(self, o: Any) -> str:
        return _MARKED.sub(r"\1", super().encode(o))

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal) and o.is_finite():
            return f"{_MARK}{o}"
        if isinstance(o, date):
            return o.isoformat()
        return super().default(o)


def dumps(value: Any) -> str:
    """Compact JSON text. Raises ``TypeError`` for what JSON cannot hold exactly."""
    return json.dumps(value, cls=ExactEncoder, separators=(",", ":"), allow_nan=False)
