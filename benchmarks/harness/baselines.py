"""The other side of a comparison: the control's tables, and COPY into the movement table."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from benchmarks.control.posting import table_definitions
from benchmarks.harness.rounds import Round
from benchmarks.harness.stage import Stage
from lodestock.config.database import APP

COPIED_ROWS = 50_000


def make_control(stage: Stage, floor: dict[str, list[int]]) -> None:
    """Make the control's tables and put plenty of every variant into every bin."""
    with stage.connect(autocommit=True) as connection:
        for statement in table_definitions():
            connection.execute(statement)  # type: ignore[arg-type]
        connection.execute(
            "INSERT INTO control_naivebalance (variant_id, location_id, quantity, updated_at)"
            " SELECT v, l, 1000000, now() FROM unnest(%s::bigint[]) v, unnest(%s::bigint[]) l",
            [floor["variants"], floor["bins"]],
        )
        for table in ("control_naivebalance", "control_naivetransaction"):
            connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")
            connection.execute(f"VACUUM ANALYZE {table}")


class CopyIntoMovements:
    """COPY into the movement table of a database of its own, with all its indexes and checks.

    Its own, because rows without postings and balances would be lies in the one we measure.
    """

    columns = (
        *("posting_id", "variant_id", "lot_id"),
        *("source_id", "source_hu_id", "source_status", "source_owner_id"),
        *("destination_id", "destination_hu_id", "destination_status", "destination_owner_id"),
        *("quantity", "currency", "kind", "reason_code", "occurred_at", "recorded_at", "late"),
    )

    def __init__(self, stage: Stage, floor: dict[str, list[int]]) -> None:
        self.connection = psycopg.connect(**stage.another_database(), autocommit=True)
        rng = random.Random(1)
        self.rows = [self._row(number, rng, floor) for number in range(COPIED_ROWS)]

    @staticmethod
    def _row(number: int, rng: random.Random, floor: dict[str, list[int]]) -> tuple[Any, ...]:
        source, destination = rng.sample(floor["bins"], 2)
        moment = datetime.now(UTC)
        sides = (source, 0, "available", 0, destination, 0, "available", 0)
        variant = rng.choice(floor["variants"])
        return (number // 100, variant, 0, *sides, 1, "", "transfer", "", moment, moment, False)

    def round(self) -> Round:
        """Copy all rows in one transaction; the rate is in rows a second, commit included."""
        started = time.perf_counter()
        with self.connection.transaction(), self.connection.cursor() as cursor:
            statement = f"COPY inventory_movement ({', '.join(self.columns)}) FROM STDIN"
            with cursor.copy(statement) as copy:  # type: ignore[arg-type]
                for row in self.rows:
                    copy.write_row(row)
        return Round.of(len(self.rows), time.perf_counter() - started)
