"""The plan and the program must agree to the piece; where they do not, loading stops.

That a plan of plain arithmetic and the ledger come to the same figures is a check on both.
"""

from __future__ import annotations

from lodestock.kernel.errors import Conflict
from lodestock.kernel.outcomes import BulkResult, Outcome


def all_applied(result: BulkResult) -> BulkResult:
    """Raise :class:`Conflict` naming the first refused line, if there is one."""
    refused = next((x for x in result.outcomes if x.outcome is Outcome.REFUSED), None)
    if refused is not None:
        raise Conflict(
            f"The demo's {refused.external_id} line {refused.external_key} was refused:"
            f" {refused.reason} Load the demo into an empty database.",
            external_id=refused.external_id,
        )
    return result
