"""Which licences the program's packages have, and which of them it may not have.

Permissive licences are welcome. The LGPL is accepted for a library that is imported unchanged. The
GPL and the AGPL are not: they would reach into our own code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

OURSELVES = "lodestock"
CHECKOUT = Path(__file__).resolve().parents[4] / "pyproject.toml"
PERMISSIVE, LIBRARY, REFUSED, UNKNOWN = "permissive", "library", "refused", "unknown"

# Read in this order: "GNU Lesser General Public License" also holds the words of the GPL.
FAMILIES = [
    (LIBRARY, r"\bL-?GPL|lesser general public"),
    (REFUSED, r"\bA?GPL|affero|general public|SSPL|business source|commons clause"),
    (PERMISSIVE, r"\bMIT\b|BSD|apache|\bISC\b|PSF|python software|MPL|mozilla|unlicense|zlib"),
    (PERMISSIVE, r"CNRI|postgresql|public domain|historical permission|HPND"),
]


@dataclass(frozen=True)
class Licence:
    """One installed package and the licence it declares."""

    package: str
    version: str
    text: str
    family: str


def licences() -> list[Licence]:
    """Return the licence of every package the program needs, by name."""
    found = {_normal(licence.package): licence for licence in _needed()}
    return [found[name] for name in sorted(found)]


def family_of(text: str) -> str:
    """Return the family of a declared licence; `A OR B` counts as the better of the two."""
    families = [_family(part) for part in re.split(r"\s+OR\s+", text)]
    order = [PERMISSIVE, LIBRARY, REFUSED, UNKNOWN]
    return min(families, key=order.index)


def _family(text: str) -> str:
    for family, pattern in FAMILIES:
        if re.search(pattern, text, re.IGNORECASE):
            return family
    return UNKNOWN


def _needed() -> Iterator[Licence]:
    """Walk the declared dependencies as they are installed here."""
    waiting = _our_requirements()
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        key = (_normal(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            package = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:
            continue
        text = _declared(package)
        yield Licence(requirement.name, package.version, text, family_of(text))
        waiting += _wanted(package.requires or [], requirement.extras)


def _our_requirements() -> list[Requirement]:
    """From the wheel's metadata, or in a checkout from pyproject.toml."""
    if CHECKOUT.exists():
        declared = tomllib.loads(CHECKOUT.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        declared = metadata.distribution(OURSELVES).requires or []
    return _wanted(declared, set())


def _wanted(declared: list[str], extras: set[str]) -> list[Requirement]:
    chosen = [{"extra": extra} for extra in ("", *extras)]
    requirements = map(Requirement, declared)
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None
        or any(requirement.marker.evaluate(environment) for environment in chosen)
    ]


def _declared(package: metadata.Distribution) -> str:
    """Prefer the SPDX expression, then the classifiers, then a short licence field."""
    about = package.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    named = [line for line in classifiers if line != "OSI Approved"]
    field = about["License"] if "License" in about else ""  # noqa: SIM401 - it has no get()
    first_line = field.strip().split("\n")[0]
    return " OR ".join(named) or first_line or "not declared"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
