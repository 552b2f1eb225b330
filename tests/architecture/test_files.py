"""What can be told by looking at the files alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from lodestock.config.settings.parts.apps import ROOMS

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE_LINES = 500
CHECKED_FOLDERS = ("src", "tests", "scripts", "benchmarks")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
README_PARTS = ("own", "words", "invariants", "event", "example")


def python_files() -> list[Path]:
    return [
        path
        for folder in CHECKED_FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_no_file_holds_two_subjects():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE_LINES
    }
    assert not long


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_explains_itself_on_one_page(room):
    page = ROOT / "src/lodestock" / room / "README.md"
    assert page.exists(), f"{room}/README.md is missing"
    text = page.read_text(encoding="utf-8").lower()
    expected = [part for part in README_PARTS if (room, part) != ("kernel", "event")]
    assert not [part for part in expected if part not in text]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_is_hashed_and_names_no_host(lock):
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links| @ ", text)
    pins = re.findall(r"^[A-Za-z0-9_.\[\]-]+==\S+", text, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pins) == len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_development_lock_holds_the_same_versions_as_the_base_lock():
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\s;]+", text, re.MULTILINE))

    assert pins("base.txt") <= pins("dev.txt")


def test_no_work_is_left_lying_about():
    marks = re.compile(r"\b(TODO|FIXME|HACK)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        if path.resolve() != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not found


def test_every_document_points_at_files_that_exist():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:")
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_scripts_that_are_run_can_be_run():
    tracked = subprocess.run(
        ["git", "ls-files", "--stage", ".ci/run", "manage.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    if not tracked:
        pytest.skip("not a git checkout")
    assert all(line.startswith("100755") for line in tracked.splitlines())
