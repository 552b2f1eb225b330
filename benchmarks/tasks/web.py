"""Clients that post over HTTP."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from typing import Any

from benchmarks.harness.web import Client
from lodestock.kernel import ids


def posting(
    index: int, *, run: str, size: int, port: int, key: str, **floor: list[int]
) -> Callable[[], int]:
    """POST /movements with one posting of `size` lines, each between two bins; counts lines."""
    client = Client(port, key)
    rng = random.Random(index)
    variants = [ids.encode("catalog.variant", pk) for pk in floor["variants"]]
    bins = [ids.encode("locations.location", pk) for pk in floor["bins"]]
    numbers = count()

    def post() -> int:
        name = f"{run}-{index}-{next(numbers)}"
        given = {
            "kind": "transfer",
            "reference_type": "bench",
            "reference_id": name,
            "lines": [_line(rng, variants, bins) for _ in range(size)],
        }
        client.post("/api/v1/movements", {"postings": [given]}, idempotency_key=name)
        return size

    return post


def _line(rng: random.Random, variants: list[str], bins: list[str]) -> dict[str, Any]:
    source, destination = rng.sample(bins, 2)
    return {
        "variant": rng.choice(variants),
        "quantity": "1",
        "from": {"location": source},
        "to": {"location": destination},
    }
