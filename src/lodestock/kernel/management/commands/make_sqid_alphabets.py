"""``lodestock make_sqid_alphabets``: give every model without one its public-id alphabet."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from lodestock.kernel import ids


class Command(BaseCommand):
    help = "Add a fixed sqid alphabet for every model of ours that has none; never changes one."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        alphabets = json.loads(ids.ALPHABETS_FILE.read_text(encoding="utf-8"))
        for model in apps.get_models():
            label = model._meta.label_lower
            if model.__module__.startswith("lodestock.") and label not in alphabets:
                alphabets[label] = ids.make_alphabet(label)
                self.stdout.write(f"{label}: {alphabets[label]}")
        text = json.dumps(dict(sorted(alphabets.items())), indent=1)
        ids.ALPHABETS_FILE.write_text(text + "\n", encoding="utf-8")
