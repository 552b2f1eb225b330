"""`python -m lodestock` is the `lodestock` command."""

import sys

from lodestock.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
