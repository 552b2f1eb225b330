"""Feeds with a database: contracts registered, files sent, through the services only."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import yaml

from lodestock.feeds import services
from lodestock.feeds.models import ContractVersion, Import
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import CONTRACT_TEXT, HEADER


def sample_version(**changes: object) -> ContractVersion:
    """The made-up wholesaler's contract, registered; ``changes`` replace parts of it."""
    document = yaml.safe_load(CONTRACT_TEXT) | changes
    return services.register_contract(document)


def send(version: ContractVersion, data: bytes, name: str = "week.csv") -> Import:
    """Store a file and import it to its end."""
    raw = services.store_stream(BytesIO(data), name=name)
    return services.run_import(services.open_import(version, raw))


def send_rows(
    version: ContractVersion, rows: Sequence[Sequence[str]], name: str = "week.csv"
) -> Import:
    """Import rows under the sample feed's header."""
    return send(version, Table(list(HEADER), [list(row) for row in rows]).write(), name)


def counts(batch: Import) -> tuple[int, int, int, int]:
    """Applied, unchanged, quarantined, rejected."""
    return batch.applied, batch.unchanged, batch.quarantined, batch.rejected


def write_contract(folder: Path, text: str = CONTRACT_TEXT) -> Path:
    path = folder / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    return path
