"""Fixtures for the tests of every room and for those across rooms."""

from lodestock.config.testing.fixtures import *  # noqa: F403
