"""Rows of short, well-known lists by their code instead of their sqid: units, currencies, terms."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class CodeField(serializers.CharField):
    """A foreign key as the ``code`` of its row (``each``, ``EUR``, ``NET30``).

    Reading a request it gives the text; the service resolves it and refuses unknown codes. Join
    the row in ``visible_to``.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        found = instance
        for name in self.source_attrs:
            found = getattr(found, name)
            if found is None:
                return None
        return found

    def to_representation(self, value: Any) -> str:
        return str(value.code)
