"""The program as it runs in earnest, plus the control implementation it is measured against."""

# ruff: noqa: F403, F405 - settings are collected by star, as in lodestock.config.settings

from lodestock.config.settings.dev import *

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.control"]
# The load comes from one principal on one machine; a throttle would be what we measure.
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
LOGGING["root"]["level"] = "ERROR"
