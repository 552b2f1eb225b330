"""PostgreSQL's own transaction number as a column."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Func


class CurrentTransactionId(Func):
    """``pg_current_xact_id()``: the number of the transaction that writes the row."""

    function = "pg_current_xact_id"
    arity = 0


class TransactionIdField(models.Field):
    """``xid8``: 64 bits, never reused within one server, restarts in a freshly made one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs["db_default"] = kwargs.get("db_default", CurrentTransactionId())
        super().__init__(**kwargs)

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
