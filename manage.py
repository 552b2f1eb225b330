#!/usr/bin/env python
"""The same program as the `lodestock` command, for those who look for Django's manage.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from lodestock.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
