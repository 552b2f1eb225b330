"""Numbers of GS1 with their check digit, verified before they are stored."""

from __future__ import annotations

from .errors import InvalidInput


def parse_gtin(value: str, *, field: str = "gtin") -> str:
    """The trade item number with all 14 digits, so that no number exists in two lengths.

    Accepts GTIN-8, -12, -13 and -14. Raises :class:`InvalidInput` for another length, other
    characters and a wrong check digit.
    """
    text = _digits(value, "GTIN", "8, 12, 13 or 14", field)
    return _checked("gtin", text, field)


def parse_gln(value: str, *, field: str = "gln") -> str:
    """The 13-digit location number. Raises :class:`InvalidInput` as :func:`parse_gtin` does."""
    text = _digits(value, "GLN", "13", field)
    return _checked("gln", text, field)


def parse_sscc(value: str, *, field: str = "sscc") -> str:
    """The 18-digit number of a logistic unit. Raises :class:`InvalidInput` as above."""
    text = _digits(value, "SSCC", "18", field)
    return _checked("sscc", text, field)


def _checked(kind: str, text: str, field: str) -> str:
    """The number in its stored form, once length and check digit are right."""
    # biip brings the prefixes of all companies along, 20 MB in every process: loaded on first use.
    from biip import ParseError
    from biip.gln import Gln
    from biip.gtin import Gtin
    from biip.sscc import Sscc

    try:
        if kind == "gtin":
            return str(Gtin.parse(text).as_gtin_14())
        return str(Gln.parse(text).value if kind == "gln" else Sscc.parse(text).value)
    except ParseError as error:
        raise InvalidInput(f"{field}: {error}", field=field) from None


def _digits(value: str, kind: str, length: str, field: str) -> str:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput(
            f"{field}: {text[:40]!r} is no {kind}: it has {length} digits and nothing else.",
            field=field,
        )
    return text
