"""Loaded before anything else of a test run: gives the run a home and a settings module.

Also refuses what would flush a database, and skips by name what this machine cannot run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

from lodestock.config.testing.reporting import LayerTimes, RunReport

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _prepare_surroundings() -> None:
    """Point the settings at folders of this run; xdist's workers inherit what is set here."""
    if "LODESTOCK_TEST_RUN" in os.environ:
        return
    os.environ["LODESTOCK_TEST_RUN"] = str(os.getpid())
    os.environ["LODESTOCK_TEST_SERVER_URL"] = os.environ.get("DATABASE_URL", "")
    os.environ["LODESTOCK_HOME"] = tempfile.mkdtemp(prefix="lodestock-home-")
    os.environ["LODESTOCK_DB_ROLE"] = "app"
    for name in ("LODESTOCK_DEBUG", "LODESTOCK_DB_SINGLE_ROLE", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    # A name that no server has: a test that forgets to ask for a database fails loudly.
    os.environ["DATABASE_URL"] = "postgresql:///lodestock_no_database_asked_for"


_prepare_surroundings()


def find_chromium() -> str:
    """Return the browser for the browser tests, or an empty string."""
    given = os.environ.get("LODESTOCK_CHROMIUM", "")
    return given or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LayerTimes(), "lodestock-layer-times")
        config.pluginmanager.register(RunReport(), "lodestock-run-report")


def _why_not(item: pytest.Item) -> str:
    """Return why this machine or this run cannot run the test, or an empty string."""
    if item.get_closest_marker("long") and os.environ.get("LODESTOCK_SCALE", "test") == "test":
        return "long: runs with make test-long"
    if item.get_closest_marker("real_data") and not os.environ.get("LODESTOCK_REAL_DATA"):
        return "real_data: LODESTOCK_REAL_DATA is not set"
    if item.get_closest_marker("browser") and not find_chromium():
        return "browser: no Chromium found; cure: apt-get install -y chromium"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if reason := _why_not(item):
            item.add_marker(pytest.mark.skip(reason=reason))
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: django_db(transaction=True) would TRUNCATE, which our triggers"
                " refuse. Use the fixture committing_db: a database of the test's own."
            )


@pytest.hookimpl(wrapper=True)
def pytest_unconfigure(config: pytest.Config) -> Iterator[None]:
    """Drop this process's databases; the last process out stops the embedded test server."""
    yield
    # Imported here: the surroundings must be prepared before anything of ours is loaded.
    from lodestock.config.testing.server import close_test_server

    close_test_server()
    # Workers, and test runs that a test starts, use the folder of the run that made it.
    if os.environ["LODESTOCK_TEST_RUN"] == str(os.getpid()):
        shutil.rmtree(os.environ["LODESTOCK_HOME"], ignore_errors=True)
