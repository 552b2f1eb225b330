"""Options of a product and the combinations they span."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product as cartesian
from typing import Any

from lodestock.catalog.domain.attributes import NAME
from lodestock.catalog.errors import OptionsConflict
from lodestock.catalog.types import OptionSpec
from lodestock.kernel.errors import InvalidInput

MAX_VARIANTS = 2_000
MAX_VALUE = 60
Combination = dict[str, str]


def clean_options(options: Iterable[OptionSpec]) -> list[dict[str, Any]]:
    """Options as a product stores them.

    Raises :class:`InvalidInput` for a bad or repeated name, an option without values, a repeated
    or malformed value, and more than 2,000 combinations.
    """
    kept: list[dict[str, Any]] = []
    for option in options:
        if not NAME.fullmatch(option.name) or "__" in option.name:
            raise _refused(f"{option.name[:40]!r} is no option name (letters, digits, underscores)")
        if option.name in {known["name"] for known in kept}:
            raise _refused(f"{option.name!r} is named twice")
        kept.append({"name": option.name, "values": clean_values(option.name, option.values)})
    if count(kept) > MAX_VARIANTS:
        raise _refused(f"they span {count(kept)} variants, at most {MAX_VARIANTS} are possible")
    return kept


def clean_values(name: str, values: Sequence[str]) -> list[str]:
    """The values of one option, in order; raises :class:`InvalidInput` as above."""
    cleaned = [str(value).strip() for value in values]
    for value in cleaned:
        if not value or len(value) > MAX_VALUE or re.search(r"[=|\x00-\x1f]", value):
            raise _refused(
                f"{value[:40]!r} is no value of {name}: 1 to {MAX_VALUE} characters, not '=' or '|'"
            )
    if not cleaned or len(set(cleaned)) < len(cleaned):
        raise _refused(f"{name} needs at least one value, and none twice")
    return cleaned


def count(options: Sequence[Mapping[str, Any]]) -> int:
    """How many combinations the options span; 1 without options."""
    total = 1
    for option in options:
        total *= len(option["values"])
    return total


def combinations(options: Sequence[Mapping[str, Any]]) -> list[Combination]:
    """Every combination of values, in the order of options and values; one, empty, without."""
    names = [option["name"] for option in options]
    values = [option["values"] for option in options]
    return [dict(zip(names, chosen, strict=True)) for chosen in cartesian(*values)]


def option_key(options: Sequence[Mapping[str, Any]], chosen: Mapping[str, str]) -> str:
    """``colour=red|size=M``, in the order of the product's options.

    Raises :class:`OptionsConflict` when ``chosen`` does not name exactly one known value each.
    """
    names = [option["name"] for option in options]
    if sorted(names) != sorted(chosen):
        raise OptionsConflict(
            f"Given were {', '.join(sorted(chosen)) or 'no options'}; this product asks for"
            f" {', '.join(names) or 'none'}.",
            field="options",
        )
    for option in options:
        if chosen[option["name"]] not in option["values"]:
            raise OptionsConflict(
                f"{option['name']} has no value {chosen[option['name']]!r}; known are"
                f" {', '.join(option['values'])}. Add the value first.",
                field="options",
            )
    return "|".join(f"{name}={chosen[name]}" for name in names)


def sku_for(stem: str, combination: Mapping[str, str]) -> str:
    """``TSHIRT-RED-M``: the stem and the values, spelt with capitals, digits and dashes."""
    words = [re.sub(r"[^A-Z0-9]+", "", value.upper()) or "X" for value in combination.values()]
    return "-".join([stem, *words])


def name_for(product_name: str, combination: Mapping[str, str]) -> str:
    """``T-shirt, red, M``."""
    return ", ".join([product_name, *combination.values()])


def _refused(problem: str) -> InvalidInput:
    return InvalidInput(f"options: {problem}.", field="options")
