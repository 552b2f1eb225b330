"""What PostgreSQL refuses, in words a caller can act on; never its SQL."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models

from lodestock.kernel.errors import Conflict, InvalidInput, LodestockError, TransientError

RETRY_SECONDS = 1


class Duplicate(Conflict):
    """Another row already has this value, which must be unique."""

    code = "duplicate"
    title = "This exists already"


class StillReferenced(Conflict):
    """Something else refers to the row, or the row refers to something that is not there."""

    code = "still_referenced"
    title = "Other records depend on this"


class RuleBroken(InvalidInput):
    """A rule of the data model (a CHECK in the database) does not hold for the values sent."""

    code = "rule_broken"
    title = "The values break a rule"


def explain_database_error(error: DatabaseError) -> LodestockError | None:
    """A refusal for what the caller can mend or retry; ``None`` for what is ours to mend."""
    diagnosis = getattr(error.__cause__, "diag", None)
    state = getattr(error.__cause__, "sqlstate", None) or ""
    explain = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    return explain(diagnosis) if explain else None


def _duplicate(diagnosis: Any) -> LodestockError:
    fields = _key_columns(diagnosis)
    named = " and ".join(fields) or "these values"
    return Duplicate(
        f"There already is a {_row_name(diagnosis)} with this {named}.",
        field=fields[0] if len(fields) == 1 else None,
        constraint=diagnosis.constraint_name,
    )


def _referenced(diagnosis: Any) -> LodestockError:
    return StillReferenced(
        f"A {_row_name(diagnosis)} stands against this: it refers to a record that does not exist,"
        " or that is to be removed.",
        constraint=diagnosis.constraint_name,
    )


def _check(diagnosis: Any) -> LodestockError:
    rule = (diagnosis.constraint_name or "").replace("_", " ")
    return RuleBroken(
        f"The {_row_name(diagnosis)} would break the rule '{rule}'.",
        constraint=diagnosis.constraint_name,
    )


def _missing(diagnosis: Any) -> LodestockError:
    column = _public(diagnosis.column_name or "")
    return InvalidInput(f"{column}: a value is needed.", field=column)


def _unreadable(diagnosis: Any) -> LodestockError:
    return InvalidInput(f"A value is out of range or malformed: {diagnosis.message_primary}.")


def _refused_by_trigger(diagnosis: Any) -> LodestockError:
    text = (diagnosis.message_primary or "").removeprefix("pgtrigger: ")
    return Conflict(f"{text[:1].upper()}{text[1:]}.")


def _busy(diagnosis: Any) -> LodestockError:
    return TransientError(
        "Somebody else is changing the same rows; nothing was written. Please try again.",
        retry_after=RETRY_SECONDS,
    )


_BY_STATE = {
    "23505": _duplicate,
    "23503": _referenced,
    "23514": _check,
    "23P01": _duplicate,
    "23502": _missing,
    "23001": _refused_by_trigger,
    "P0001": _refused_by_trigger,
    "55P03": _busy,
    "57014": _busy,
}
_BY_CLASS = {"22": _unreadable, "40": _busy, "08": _busy, "57": _busy}


def _model_of(diagnosis: Any) -> type[models.Model] | None:
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return tables.get(diagnosis.table_name or "")


def _row_name(diagnosis: Any) -> str:
    model = _model_of(diagnosis)
    return str(model._meta.verbose_name) if model else "record"


def _key_columns(diagnosis: Any) -> list[str]:
    """Columns out of ``Key (lower(username::text)=(anna)) already exists.``, without the values."""
    found = re.match(r"Key \((.*?)\)=\(", diagnosis.message_detail or "")
    listed = found.group(1) if found else ""
    words = [re.sub(r"^\w+\(+|\)+.*$|::.*$", "", part.strip()) for part in listed.split(",")]
    return [_public(word) for word in words if word and word != "active"]


def _public(column: str) -> str:
    return column.strip('"').removesuffix("_id")
