"""Who may do what with cases. Looking at them is for everybody inside."""

from __future__ import annotations

from lodestock.accounts.types import INTERNAL, Role

SEEN_BY = INTERNAL

_STEPS = ("acknowledge", "start", "assign", "resolve")

GRANTS: dict[Role, tuple[str, ...]] = {
    role: tuple(f"attention.{step}_exceptioncase" for step in _STEPS)
    for role in INTERNAL - {Role.AUDITOR, Role.VIEW_ONLY}
}
