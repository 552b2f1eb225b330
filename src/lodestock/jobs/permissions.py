"""Who may do what with jobs. One's own jobs everybody inside may cancel and retry."""

from __future__ import annotations

from lodestock.accounts.types import INTERNAL, Role

SEE_ALL = "jobs.view_every_job"
OWN = ("jobs.cancel_job", "jobs.retry_job")
CHANGING = INTERNAL - {Role.AUDITOR, Role.VIEW_ONLY}

GRANTS: dict[Role, tuple[str, ...]] = dict.fromkeys(CHANGING, OWN) | {
    Role.AUDITOR: (SEE_ALL,),
    Role.INTEGRATOR: (*OWN, SEE_ALL),
    Role.PLANT_MANAGER: (*OWN, SEE_ALL),
}
