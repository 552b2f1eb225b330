"""Many codes from one line: ``A{01..03}/R{01..10}/B{1..4}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from lodestock.kernel.errors import InvalidInput

MAX_LOCATIONS = 50_000
_RANGE = re.compile(r"\{(\d{1,6})\.\.(\d{1,6})\}|\{([A-Z])\.\.([A-Z])\}")


def expand(pattern: str) -> list[list[str]]:
    """The codes of each level of a pattern, from the outside in.

    ``{01..12}`` counts with leading zeros, ``{A..F}`` goes through letters; everything else stands
    for itself. Raises :class:`InvalidInput` for an empty level, a range that runs backwards and
    more than 50,000 locations.
    """
    levels = [_codes(level, pattern) for level in pattern.strip("/").split("/")]
    total, width = 0, 1
    for codes in levels:
        width *= len(codes)
        total += width
    if total > MAX_LOCATIONS:
        raise _refused(pattern, f"makes {total} locations, at most {MAX_LOCATIONS} are possible")
    return levels


def _codes(level: str, pattern: str) -> list[str]:
    pieces: list[list[str]] = []
    place = 0
    for found in _RANGE.finditer(level):
        pieces += [[level[place : found.start()]], list(_span(found, pattern))]
        place = found.end()
    pieces.append([level[place:]])
    if not level or "{" in level[place:] or any("{" in piece[0] for piece in pieces[::2]):
        raise _refused(pattern, "has an empty level or a range that is not {1..9} or {A..F}")
    if _size(pieces) > MAX_LOCATIONS:
        raise _refused(pattern, f"makes more than {MAX_LOCATIONS} locations")
    return ["".join(chosen) for chosen in product(*pieces)]


def _span(found: re.Match[str], pattern: str) -> Iterator[str]:
    first, last, letter, end = found.groups()
    if letter:
        if letter > end:
            raise _refused(pattern, f"has a range that runs backwards: {found.group()}")
        yield from map(chr, range(ord(letter), ord(end) + 1))
        return
    if int(first) > int(last) or int(last) - int(first) >= MAX_LOCATIONS:
        raise _refused(pattern, f"has a range that runs backwards or too far: {found.group()}")
    for number in range(int(first), int(last) + 1):
        yield str(number).zfill(len(first))


def _size(pieces: list[list[str]]) -> int:
    size = 1
    for piece in pieces:
        size *= len(piece)
    return size


def _refused(pattern: str, problem: str) -> InvalidInput:
    return InvalidInput(f"pattern: {pattern[:80]!r} {problem}.", field="pattern")
