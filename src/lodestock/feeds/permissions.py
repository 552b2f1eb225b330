"""Who may look at feeds, send files, and decide on drift and quarantine."""

from __future__ import annotations

from lodestock.accounts.types import INTERNAL, Role

SEEN_BY = INTERNAL

SEND = "feeds.add_import"
CONFIRM = "feeds.confirm_driftreport"
REJECT = "feeds.reject_driftreport"
FIX = "feeds.fix_quarantinedrow"
REJECT_ROW = "feeds.reject_quarantinedrow"
WRITE_CONTRACT = "feeds.add_contractversion"
ACTIVATE = "feeds.activate_contractversion"
RETIRE = "feeds.retire_contractversion"
REDACT = "feeds.redact_rawfile"

_ROWS = (SEND, FIX, REJECT_ROW)
_DECISIONS = (*_ROWS, CONFIRM, REJECT, WRITE_CONTRACT, ACTIVATE, RETIRE)

GRANTS: dict[Role, tuple[str, ...]] = {
    Role.PLANT_MANAGER: _DECISIONS,
    Role.INTEGRATOR: (*_DECISIONS, REDACT),
    Role.PURCHASER: _ROWS,
    Role.PLANNER: _ROWS,
    Role.ORDER_CLERK: _ROWS,
}
