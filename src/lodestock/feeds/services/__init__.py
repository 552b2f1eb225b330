"""The verbs of feeds."""

from .answers import answer_of, exit_code
from .contracts import (
    activate_version,
    contract_of,
    current_version,
    register_contract,
    register_contract_file,
    retire_version,
)
from .deciding import confirm_drift, decide_drift, proposed_fixes, reject_drift
from .importing import import_feed, open_import, run_import, run_later
from .raw_store import raw_path, redact, store_path, store_stream
from .repairing import fix_and_replay, reject_row

__all__ = [
    "activate_version",
    "answer_of",
    "confirm_drift",
    "contract_of",
    "current_version",
    "decide_drift",
    "exit_code",
    "fix_and_replay",
    "import_feed",
    "open_import",
    "proposed_fixes",
    "raw_path",
    "redact",
    "register_contract",
    "register_contract_file",
    "reject_drift",
    "reject_row",
    "retire_version",
    "run_import",
    "run_later",
    "store_path",
    "store_stream",
]
