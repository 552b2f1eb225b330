"""What a feed usually looks like: loaded before a comparison, added to after acceptance."""

from __future__ import annotations

from dataclasses import dataclass

from lodestock.feeds.domain.profile import FileProfile
from lodestock.feeds.models import Feed, FeedHistory, Import, ImportProfile
from lodestock.kernel.db import transaction


@dataclass(frozen=True, slots=True)
class Past:
    """``same`` form's history and that of all forms ``pooled``; None before the first file."""

    same: FileProfile | None
    pooled: FileProfile | None


def past_of(feed_id: int, form: str) -> Past:
    """The learned history of a feed."""
    same, pooled = None, None
    for row in FeedHistory.objects.filter(feed_id=feed_id).order_by("form"):
        profile = FileProfile.from_json(row.profile)
        if row.form == form:
            same = profile
        if pooled is None:
            pooled = FileProfile("")
        pooled.merge(FileProfile.from_json(row.profile))
    return Past(same, pooled)


def keep_profile(batch: Import, profile: FileProfile) -> None:
    """Remember what this file looked like until it is decided."""
    ImportProfile.objects.update_or_create(batch=batch, defaults={"profile": profile.as_json()})


def learn(batch: Import) -> None:
    """Add the accepted file's profile to its feed's history. Call inside the finishing transaction.

    The same bytes teach only once: importing a file again says nothing new.
    """
    again = Import.objects.filter(
        feed_id=batch.feed_id, raw_file_id=batch.raw_file_id, status="finished", dry_run=False
    ).exclude(pk=batch.pk)
    if again.exists():
        return
    new = FileProfile.from_json(ImportProfile.objects.get(batch=batch).profile)
    with transaction():
        Feed.objects.select_for_update().get(pk=batch.feed_id)
        row = FeedHistory.objects.filter(feed_id=batch.feed_id, form=batch.form).first()
        history = FileProfile.from_json(row.profile) if row else FileProfile(batch.form)
        history.merge(new)
        FeedHistory.objects.update_or_create(
            feed_id=batch.feed_id,
            form=batch.form,
            defaults={
                "profile": history.as_json(),
                "files": history.files,
                "rows": history.rows,
            },
        )
