"""Verbs of this room."""

from lodestock.organisation.subjects import register_subject, subjects

from .attachments import attach, open_attachment
from .numbering import next_number, next_numbers, set_pattern
from .rates import set_rate
from .sites import create_department, create_site, ensure_site, save_site

__all__ = [
    "attach",
    "create_department",
    "create_site",
    "ensure_site",
    "next_number",
    "next_numbers",
    "open_attachment",
    "register_subject",
    "save_site",
    "set_pattern",
    "set_rate",
    "subjects",
]
