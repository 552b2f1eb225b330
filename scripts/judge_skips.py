"""Fail when a test was skipped that this machine could have run: judge_skips.py REPORT.json ...

Reads what the test plugin wrote (LODESTOCK_TEST_REPORT). A long test that was skipped in the short
run must have run in the long one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

SERVERS = {"external", "browser", "owns_server"}


def main(paths: list[str]) -> int:
    """Print the figures and each inexcusable skip; returns 1 if there was one."""
    reports = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    skipped = [skip for report in reports for skip in report["skipped"]]
    real = sum(report["ran"].get("real_data", 0) for report in reports)
    print(f"ci: {real} real-data tests ran, {sum(map(is_real, skipped))} were skipped")
    bad = [skip for skip in skipped if not is_excused(skip)]
    for skip in bad:
        print(f"ci: SKIPPED {skip['test']}: {skip['reason']}", file=sys.stderr)
    return 1 if bad else 0


def is_real(skip: dict[str, object]) -> bool:
    """Whether a skip concerns a real-data test that is not merely waiting for the long run."""
    return "real_data" in _groups(skip) and not _waits(skip)


def is_excused(skip: dict[str, object]) -> bool:
    """Whether this machine really could not, or need not, run the test now."""
    if _waits(skip):
        return True
    if is_real(skip):
        return not os.environ.get("LODESTOCK_REAL_DATA")
    return not _groups(skip) & SERVERS


def _waits(skip: dict[str, object]) -> bool:
    return str(skip["reason"]).removeprefix("Skipped: ").startswith("long:")


def _groups(skip: dict[str, object]) -> set[str]:
    groups = skip["groups"]
    assert isinstance(groups, list)
    return set(groups)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
