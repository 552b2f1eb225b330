"""Registers contract files and decides which version reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from lodestock.feeds.domain.contract import Contract, load_contract
from lodestock.feeds.domain.contract.building import build_contract
from lodestock.feeds.domain.contract.loading import contract_document
from lodestock.feeds.domain.lifecycle import CONTRACT_VERSION, ImportStatus, VersionStatus
from lodestock.feeds.errors import ContractDiffers
from lodestock.feeds.models import ContractVersion, Feed, Import
from lodestock.kernel.db import transaction


def register_contract_file(path: Path) -> ContractVersion:
    """The version to use for a contract file, registering it when it is new.

    A version made since then out of a confirmed drift (same major number, active) goes before the
    file's own. A version that only dry runs have used may still change. Raises
    ``InvalidContract`` with every problem; ``ContractDiffers`` when the file's version has read
    files with other content.
    """
    load_contract(path)
    return register_contract(contract_document(path.read_text(encoding="utf-8")))


def register_contract(document: Mapping[str, Any]) -> ContractVersion:
    """As ``register_contract_file``, for the plain data of a contract that has been checked."""
    major, minor = (int(part) for part in document["version"].split("."))
    title = document.get("title", document["contract"])
    with transaction():
        feed, _ = Feed.objects.get_or_create(
            code=document["contract"], defaults={"title": title[:200]}
        )
        feed = Feed.objects.select_for_update().get(pk=feed.pk)
        known = feed.versions.filter(major=major, minor=minor).first()
        if known is None:
            return _register(feed, major, minor, dict(document))
        if known.document != dict(document) and _only_tried(known):
            known.document = dict(document)
            known.save(update_fields=["document", "updated_at"])
        elif known.document != dict(document):
            raise ContractDiffers(
                f"Version {document['version']} of {feed.code} is registered with other content. "
                "Raise the version in the file: what was agreed once is never changed.",
                contract=feed.code,
                version=document["version"],
            )
        return current_version(feed) if _is_superseded(feed, known) else known


def _only_tried(version: ContractVersion) -> bool:
    """Whether dry runs, and nothing in earnest, have used it: such a draft may still change."""
    runs = Import.objects.filter(contract_version=version).exclude(status=ImportStatus.REFUSED)
    return set(runs.values_list("dry_run", flat=True)) == {True}


def _is_superseded(feed: Feed, known: ContractVersion) -> bool:
    active = feed.versions.filter(status=VersionStatus.ACTIVE).first()
    return active is not None and (active.major, active.minor) > (known.major, known.minor)


def _register(feed: Feed, major: int, minor: int, document: dict[str, Any]) -> ContractVersion:
    version = ContractVersion.objects.create(
        feed=feed, major=major, minor=minor, document=document, status=VersionStatus.DRAFT
    )
    active = feed.versions.filter(status=VersionStatus.ACTIVE).first()
    if active is None or (active.major, active.minor) < (major, minor):
        activate_version(version)
    return version


def add_amended(
    feed: Feed, document: dict[str, Any], *, note: str, activate: bool
) -> ContractVersion:
    """A minor version made of a confirmed fix; its number is the next free one."""
    with transaction():
        feed = Feed.objects.select_for_update().get(pk=feed.pk)
        major = int(document["version"].split(".")[0])
        newest = _of_major(feed, major).first()
        minor = newest.minor + 1 if newest else 0
        document = {**document, "version": f"{major}.{minor}"}
        version = ContractVersion.objects.create(
            feed=feed,
            major=major,
            minor=minor,
            document=document,
            status=VersionStatus.DRAFT,
            origin="drift",
            note=note[:300],
        )
        if activate:
            activate_version(version)
    return version


def _of_major(feed: Feed, major: int) -> QuerySet[ContractVersion]:
    return feed.versions.filter(major=major).order_by("-minor")


def activate_version(version: ContractVersion) -> ContractVersion:
    """Make this the version that reads new files; the one before is deprecated.

    Raises ``IllegalTransition`` for a retired version.
    """
    with transaction():
        Feed.objects.select_for_update().get(pk=version.feed_id)
        status = CONTRACT_VERSION.target(version.status, "activate", label=version.version)
        others = ContractVersion.objects.filter(
            feed_id=version.feed_id, status=VersionStatus.ACTIVE
        )
        others.exclude(pk=version.pk).update(status=VersionStatus.DEPRECATED)
        version.status = status
        version.save(update_fields=["status", "updated_at"])
    return version


def retire_version(version: ContractVersion) -> ContractVersion:
    """No file is read with it any more. Raises ``IllegalTransition`` for the active version."""
    with transaction():
        version.status = CONTRACT_VERSION.target(version.status, "retire", label=version.version)
        version.save(update_fields=["status", "updated_at"])
    return version


def current_version(feed: Feed) -> ContractVersion:
    """The active version of a feed."""
    return feed.versions.get(status=VersionStatus.ACTIVE)


def contract_of(version: ContractVersion) -> Contract:
    """The frozen contract of a stored version."""
    return build_contract(version.document)
