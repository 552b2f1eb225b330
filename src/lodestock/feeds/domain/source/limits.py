"""Caps that keep one hostile or damaged file from taking the program down."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """``bytes_max`` as received, ``unpacked_max`` and ``ratio_max`` after decompression.

    The ratio only counts once ``ratio_floor`` bytes have come out: tiny files of one repeated
    character pack well and harm nobody. ``line_max`` is in characters and is what keeps memory
    flat when a quote is never closed. Spreadsheets are not streamed by their reader, so they
    have their own, smaller cap on unpacked bytes.
    """

    bytes_max: int = 2048 * MEBIBYTE
    unpacked_max: int = 16384 * MEBIBYTE
    ratio_max: int = 200
    ratio_floor: int = 16 * MEBIBYTE
    line_max: int = 1_000_000
    field_max: int = 131_072
    columns_max: int = 1_000
    spreadsheet_unpacked_max: int = 256 * MEBIBYTE
