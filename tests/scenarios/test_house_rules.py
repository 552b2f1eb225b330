"""Rules that the code itself must keep: time comes from one place, adapters stay outside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "lodestock"
#: Calls that read a clock in the zone of the machine or of UTC, instead of the site's.
FORBIDDEN = {("date", "today"), ("datetime", "today"), ("datetime", "utcnow"), ("timezone", "now")}
FORBIDDEN_LOCAL = {("timezone", "localdate"), ("timezone", "localtime")}


def sources() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
        and "tests" not in path.parts
        and path.relative_to(PACKAGE) != Path("kernel/clock.py")
    ]


def clock_reads(tree: ast.AST) -> list[tuple[int, str]]:
    """Where a file reads a clock by itself: line, and what it calls."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, name = node.func.value, node.func.attr
        last = getattr(owner, "id", getattr(owner, "attr", ""))
        naive = (last, name) == ("datetime", "now") and not node.args and not node.keywords
        if naive or (last, name) in FORBIDDEN | FORBIDDEN_LOCAL:
            found.append((node.lineno, f"{last}.{name}"))
    return found


def test_nobody_reads_today_but_the_clock_of_the_kernel():
    """Trap 11 of the domain: "today" needs the time zone of the site."""
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {call}; use kernel.clock"
        for path in sources()
        for line, call in clock_reads(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("date.today()", True),
        ("datetime.date.today()", True),
        ("datetime.now()", True),
        ("datetime.utcnow()", True),
        ("timezone.now()", True),
        ("django.utils.timezone.localdate()", True),
        ("datetime.now(UTC)", False),
        ("clock.today(site)", False),
    ],
)
def test_the_rule_catches_what_it_should(code, caught):
    assert bool(clock_reads(ast.parse(code))) is caught


def test_a_day_is_never_cut_out_of_an_instant_in_utc():
    """`clock.now().date()` is UTC's day, which is yesterday or tomorrow for half of the world."""
    found = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if "now().date()" in line or "now(UTC).date()" in line:
                found.append(f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}")
    assert found == []
