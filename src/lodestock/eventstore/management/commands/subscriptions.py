"""``lodestock subscriptions``: where every subscriber stands; retry or replay one of them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import ParkedEvent
from lodestock.eventstore.subscriptions import after_commit_subscriptions, subscription
from lodestock.kernel.encoding import utc_text


class Command(BaseCommand):
    help = "List subscribers and their parked events; retry parked events; replay the past."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "action", nargs="?", default="list", choices=["list", "parked", "retry", "replay"]
        )
        parser.add_argument("name", nargs="?", default="", help="One subscription (retry: or all).")
        parser.add_argument(
            "--effects", action="store_true", help="Replay: also send what the handlers send."
        )
        parser.add_argument("--from-position", type=int, default=0, help="Replay: start after it.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, action: str, as_json: bool, **options: Any) -> None:
        result = getattr(self, f"_{action}")(**options)
        if as_json:
            self.stdout.write(json.dumps(result))
            return
        for line in self._lines(result):
            self.stdout.write(line)

    def _list(self, **options: Any) -> dict[str, Any]:
        rows = [asdict(status) for status in selectors.subscription_status()]
        return {"ok": not any(row["dead"] for row in rows), "subscriptions": rows}

    def _parked(self, name: str, **options: Any) -> dict[str, Any]:
        rows = [_parked_row(row) for row in selectors.parked_events(name)]
        return {"ok": not rows, "parked": rows}

    def _retry(self, name: str, **options: Any) -> dict[str, Any]:
        chosen = [subscription(name)] if name else after_commit_subscriptions()
        recovered = sum(services.retry_parked(one, limit=10_000, force=True) for one in chosen)
        left = sum(len(selectors.parked_events(one.name)) for one in chosen)
        return {"ok": left == 0, "recovered": recovered, "still_parked": left}

    def _replay(
        self, name: str, effects: bool, from_position: int, **options: Any
    ) -> dict[str, Any]:
        handled = services.replay(subscription(name), effects=effects, from_position=from_position)
        return {"ok": True, "handled": handled, "effects": effects}

    def _lines(self, result: dict[str, Any]) -> list[str]:
        rows = result.get("subscriptions", result.get("parked"))
        if rows is None:
            return ["  ".join(f"{key}: {value}" for key, value in result.items())]
        return ["  ".join(f"{value}" for value in row.values()) for row in rows] or ["none"]


def _parked_row(row: ParkedEvent) -> dict[str, Any]:
    return {
        "subscription": row.subscription,
        "position": row.position,
        "event_type": row.event_type,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": utc_text(row.next_attempt_at),
        "error": row.error,
    }
