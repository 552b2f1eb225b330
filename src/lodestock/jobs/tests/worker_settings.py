"""Settings of worker processes that tests start: the real ones, and the tests' kinds of job."""

from lodestock.config.settings.test import *  # noqa: F403
from lodestock.config.settings.test import LOGGING

JOB_KINDS = "lodestock.jobs.tests.kinds.KINDS"
LOGGING["root"]["level"] = "INFO"
