"""`python -m benchmarks [name …] [--full] [--json]`."""

import sys

from benchmarks.harness.cli import main

sys.exit(main())
