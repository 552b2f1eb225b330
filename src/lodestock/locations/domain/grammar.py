"""How a site names its locations: data of the site, read here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lodestock.kernel.errors import InvalidInput
from lodestock.locations.errors import BadCode, WrongPlace
from lodestock.locations.types import LocationKind

#: What every code may look like at most, whatever the site says; ``/`` separates the path.
LEGAL_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MAX_PATTERN = 120
_KINDS = frozenset(kind.value for kind in LocationKind if kind != LocationKind.VIRTUAL)
#: A repeated group that is itself repeated can take for ever to match.
_NESTED_REPEAT = re.compile(r"[*+}][^()]*\)[*+{]")


@dataclass(frozen=True, slots=True)
class Grammar:
    """``levels`` in order from the outside in: kind → pattern of its codes."""

    site: str
    levels: Mapping[str, re.Pattern[str]]

    def check(self, *, kind: str, code: str, parent_kind: str | None) -> None:
        """Raise :class:`BadCode` or :class:`WrongPlace` for what the site does not allow.

        Kinds outside the levels (dock, stage …) take any legal code and lie anywhere but below a
        bin. Levels may be left out and repeated, not turned round: a zone never lies in a rack.
        """
        if not LEGAL_CODE.fullmatch(code):
            raise BadCode(
                f"code: {code[:40]!r} is not possible: 1 to 40 letters, digits, '.', '_' or '-',"
                " beginning with a letter or digit.",
                field="code",
            )
        pattern = self.levels.get(kind)
        if pattern is not None and not pattern.fullmatch(code):
            raise BadCode(
                f"code: {code!r} does not fit what {self.site} calls a {kind}: {pattern.pattern}.",
                field="code",
                pattern=pattern.pattern,
            )
        self._check_order(kind, parent_kind)

    def _check_order(self, kind: str, parent_kind: str | None) -> None:
        if parent_kind is None:
            return
        order = list(self.levels)
        inner = kind == LocationKind.SITE or (
            parent_kind in order and kind in order and order.index(parent_kind) > order.index(kind)
        )
        if inner or (parent_kind == LocationKind.BIN and kind not in order):
            raise WrongPlace(
                f"A place of kind {kind} cannot lie in one of kind {parent_kind}; the order at"
                f" {self.site} is {', '.join(order)}.",
                field="parent",
            )


def read_grammar(site: str, data: Mapping[str, Any]) -> Grammar:
    """The grammar of a site. Raises :class:`InvalidInput` naming what is wrong in its data."""
    levels: dict[str, re.Pattern[str]] = {}
    for level in data.get("levels", []):
        kind, pattern = str(level.get("kind", "")), str(level.get("pattern", ""))
        if kind not in _KINDS or kind in levels:
            raise _refused(site, f"{kind[:20]!r} is no kind of location, or is named twice")
        levels[kind] = _compile(site, pattern)
    return Grammar(site, levels)


def _compile(site: str, pattern: str) -> re.Pattern[str]:
    if len(pattern) > MAX_PATTERN or _NESTED_REPEAT.search(pattern):
        raise _refused(site, f"{pattern[:60]!r} is too long or repeats a repeated group")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise _refused(site, f"{pattern[:60]!r} is no pattern ({error})") from None


def _refused(site: str, problem: str) -> InvalidInput:
    return InvalidInput(f"location_grammar of {site}: {problem}.", field="location_grammar")
