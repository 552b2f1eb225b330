"""Imported once by the server process that the clients are forked from."""

import django

django.setup()
