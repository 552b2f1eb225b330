"""Reads that the ORM composes once: the same SQL afterwards, with other keys.

Composing a query costs more than asking it: 1 ms of processor time for a row of ten columns and two
joins, against 0.3 ms. That is nothing for a list and most of the price of a small document, which
asks a dozen such questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

#: Stands for the key while composing. No row has it.
_KEY = -7_301_530_281_446_195_511
_KEYS = (_KEY, str(_KEY))


class Composed:
    """The rows of a ``values_list`` queryset, by one key or by many.

    ``compose`` gets a stand-in for the key, once, and must use it in conditions only: as it is, or
    in one ``__in`` list of it alone. Called with a key, or with a collection of keys for ``__in``.
    """

    def __init__(self, compose: Callable[[int], models.QuerySet[Any, Any]]) -> None:
        self._compose = compose

    def __call__(self, keys: int | str | Collection[int]) -> Iterator[tuple[Any, ...]]:
        """Ask now; rows as ``values_list`` gives them."""
        compiler, sql, parameters = self._composed
        value = keys if isinstance(keys, int | str) else list(keys)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [value if one in _KEYS else one for one in parameters])
            rows = cursor.fetchall()
        return compiler.results_iter([rows], tuple_expected=True)

    @cached_property
    def _composed(self) -> tuple[Any, str, tuple[Any, ...]]:
        compiler = self._compose(_KEY).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        if sql.count(" IN (%s)") > 1:
            raise ValueError(f"A composed read may have one list, and this has more: {sql}")
        return compiler, sql.replace(" IN (%s)", " = ANY(%s)"), parameters
