"""Options of the architecture tests."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-birth-migrations",
        action="store_true",
        help="Before the first release: list every migration there is as part of the first schema.",
    )


@pytest.fixture(autouse=True, scope="session")
def _write_birth_migrations(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-birth-migrations", default=False):
        from tests.architecture.test_migrations import BIRTH, ours

        BIRTH.write_text("\n".join(sorted(ours())) + "\n", encoding="utf-8")
