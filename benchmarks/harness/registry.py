"""The list of cases. A case prepares a stage once and yields one or more measurements."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django

from benchmarks.harness.result import Measurement

if TYPE_CHECKING:
    from benchmarks.harness.stage import Stage

CaseFunction = Callable[["Stage"], Iterator[Measurement]]


@dataclass(frozen=True)
class Case:
    """One runnable case. `full_only` belongs to `make bench-full`; `needs` names real data."""

    name: str
    run: CaseFunction
    full_only: bool
    needs: str
    what: str


_cases: dict[str, Case] = {}


def case(
    name: str, *, full_only: bool = False, needs: str = ""
) -> Callable[[CaseFunction], CaseFunction]:
    """Register a generator of measurements under `name`; its docstring says what it measures."""

    def register(function: CaseFunction) -> CaseFunction:
        if name in _cases:
            raise ValueError(f"two cases are called {name}")
        what = (function.__doc__ or "").strip().splitlines()[0]
        _cases[name] = Case(name, function, full_only, needs, what)
        return function

    return register


def all_cases() -> list[Case]:
    """Return every case, in the order of their modules."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    import benchmarks.cases  # noqa: F401 - registers them

    return list(_cases.values())


def choose(names: list[str], *, full: bool) -> list[Case]:
    """Return the cases to run: those named, else all of this length.

    Raises LookupError for a name that does not exist.
    """
    cases = {case.name: case for case in all_cases()}
    if not names:
        return [case for case in cases.values() if full or not case.full_only]
    unknown = [name for name in names if name not in cases]
    if unknown:
        raise LookupError(f"There is no bench called {unknown[0]!r}. There are: {', '.join(cases)}")
    return [cases[name] for name in names]
