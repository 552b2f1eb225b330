"""What a test run says about itself: time per layer, and what was not run and why."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

LAYERS = (
    "unit",
    "integration",
    "api",
    "concurrency",
    "contract",
    "scenarios",
    "stress",
    "e2e",
    "architecture",
)
GROUPS = ("real_data", "external", "browser", "owns_server", "long")
# Everything that could run has passed, and yet something was left out.
PARTIAL = 3


def layer_of(nodeid: str) -> str:
    """Return the layer a test belongs to, by the folder it lives in."""
    folders = Path(nodeid.split("::", maxsplit=1)[0]).parts
    return next((layer for layer in LAYERS if layer in folders), "other")


class LayerTimes:
    """Sums the seconds and tests of each layer."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        layer = layer_of(report.nodeid)
        self.seconds[layer] += report.duration
        if report.when == "call":
            self.tests[layer] += 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("time per layer (seconds of work, all processes)")
        for layer, seconds in sorted(self.seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{layer:<14}{seconds:9.1f} s {self.tests[layer]:6d} tests")


class RunReport:
    """Counts what ran in each group, names what was skipped, and writes both on request.

    LODESTOCK_TEST_REPORT names the file. Browser tests that could not run for want of a browser
    turn a passing run into exit status 3, so that nobody takes it for a whole one.
    """

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.skipped: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        groups = [group for group in GROUPS if group in report.keywords]
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.skipped.append({"test": report.nodeid, "groups": groups, "reason": reason})
        elif report.when == "call":
            self.ran.update(["all", *groups])

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == 0 and self._without_browser():
            session.exitstatus = PARTIAL
        if target := os.environ.get("LODESTOCK_TEST_REPORT"):
            figures = {"ran": dict(self.ran), "skipped": self.skipped, "status": int(exitstatus)}
            Path(target).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        real = sum("real_data" in skip["groups"] for skip in self.skipped)
        terminalreporter.write_line(f"real-data tests: {self.ran['real_data']} ran, {real} skipped")
        if left_out := self._without_browser():
            terminalreporter.write_line(
                f"NOT RUN: {left_out} browser tests, for want of a browser."
                " Cure: apt-get install -y chromium (or set LODESTOCK_CHROMIUM)"
            )

    def _without_browser(self) -> int:
        return sum("no Chromium" in skip["reason"] for skip in self.skipped)
