"""Rows from JSON: an array of objects, or one object a line. Numbers keep their digits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, TextIO

from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.errors import FileTooLarge, UnreadableFile

READ = 1 << 16
COLUMNS_FROM = 200
"""Objects looked at to find the column names; a later new name is refused, not dropped."""

_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def json_rows(
    text: TextIO, kind: Literal["json", "jsonl"] | str, limits: Limits
) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """The column names and the rows as text cells; nested values stay as compact JSON."""
    objects = _array(text, limits) if kind == "json" else _lines(text, limits)
    first = [item for _, item in zip(range(COLUMNS_FROM), objects, strict=False)]
    if not first:
        raise UnreadableFile("The JSON file holds no objects.")
    header = tuple(dict.fromkeys(name for item in first for name in item))
    return header, _cells(header, first, objects)


def _cells(
    header: tuple[str, ...], first: list[dict[str, Any]], rest: Iterator[dict[str, Any]]
) -> Iterator[list[str]]:
    known = set(header)
    for source in (first, rest):
        for number, item in enumerate(source, start=1):
            if not item.keys() <= known:
                unknown = ", ".join(sorted(item.keys() - known))
                raise UnreadableFile(
                    f"Object {number:,} has names that the first {COLUMNS_FROM} do not: {unknown}."
                )
            yield [_text(item.get(name)) for name in header]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(text: TextIO, limits: Limits) -> Iterator[dict[str, Any]]:
    number = 0
    while line := text.readline(limits.line_max):
        number += 1
        if len(line) >= limits.line_max:
            raise FileTooLarge(f"Line {number:,} is longer than {limits.line_max:,} characters.")
        if line.strip():
            yield _object(_parse(line.strip(), f"line {number:,}"), f"line {number:,}")


def _parse(source: str, where: str) -> Any:
    try:
        return _decoder.decode(source)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"The JSON on {where} is broken: {error}.") from error


def _array(text: TextIO, limits: Limits) -> Iterator[dict[str, Any]]:
    """Objects of one top-level array, decoded one by one from a sliding buffer."""
    buffer = text.read(READ).lstrip().removeprefix("[").lstrip()
    number = 0
    while not buffer.startswith("]"):
        value, end = _next_value(buffer, number + 1)
        while end is None or end == len(buffer):
            more = text.read(READ)
            if not more:
                raise UnreadableFile(f"The JSON array ends inside object {number + 1:,}.")
            buffer += more
            if len(buffer) > limits.line_max + READ:
                raise FileTooLarge(f"Object {number + 1:,} is longer than {limits.line_max:,}.")
            value, end = _next_value(buffer, number + 1)
        number += 1
        yield _object(value, f"object {number:,}")
        buffer = _after_comma(buffer[end:], text)


def _next_value(buffer: str, number: int) -> tuple[Any, int | None]:
    try:
        return _decoder.raw_decode(buffer)
    except json.JSONDecodeError:
        return None, None


def _after_comma(buffer: str, text: TextIO) -> str:
    buffer = buffer.lstrip()
    while len(buffer) < 2:
        more = text.read(READ)
        if not more:
            break
        buffer = (buffer + more).lstrip()
    if buffer.startswith(","):
        return buffer[1:].lstrip()
    if buffer.startswith("]"):
        return buffer
    raise UnreadableFile("The JSON array is broken: a comma or the closing bracket is missing.")


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableFile(f"A JSON feed holds objects; {where} is {type(value).__name__}.")
    return value
