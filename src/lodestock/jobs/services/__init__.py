"""The verbs of background work."""

from .enqueue import cancel, enqueue, retry
from .execute import execute
from .housekeeping import purge_finished, sweep
from .report import progress

__all__ = ["cancel", "enqueue", "execute", "progress", "purge_finished", "retry", "sweep"]
