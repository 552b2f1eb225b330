"""On one's own machine: `make demo`, `make run`, `lodestock up`."""

from lodestock.config.settings.base import *

# The name under which a phone on the same network finds this machine is not known beforehand;
# the program listens on the loopback address unless told otherwise.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, ".localhost"]
