"""State machines as tables: which verb leads from which status to which.

A machine is plain Python, so a room's ``domain`` may hold it. ``StatusField`` (``fields``)
takes its closed list of values from the machine, and a static test checks that every status
column has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from .errors import IllegalTransition


class Machine:
    """``transitions`` maps a verb to ``{from: to}``; everything not declared is refused."""

    def __init__(
        self,
        name: str,
        states: type[StrEnum],
        *,
        initial: StrEnum,
        transitions: Mapping[str, Mapping[StrEnum, StrEnum]],
    ) -> None:
        self.name = name
        self.states = states
        self.initial = initial
        self.transitions = MappingProxyType({v: dict(t) for v, t in transitions.items()})

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(state.value for state in self.states)

    def verbs(self, state: str) -> tuple[str, ...]:
        """The verbs that are possible from ``state``, in order of declaration."""
        return tuple(verb for verb, table in self.transitions.items() if state in table)

    def target(self, state: str, verb: str, *, label: str = "") -> str:
        """The status after ``verb``. Raises :class:`IllegalTransition` when it is undeclared."""
        try:
            return self.transitions[verb][self.states(state)].value
        except (KeyError, ValueError):
            raise self._refusal(state, verb, label) from None

    def _refusal(self, state: str, verb: str, label: str) -> IllegalTransition:
        possible = ", ".join(self.verbs(state)) or "nothing"
        who = f"{self.name} {label}".strip()
        return IllegalTransition(
            f"{who} is {state}: '{verb}' is not possible; possible now: {possible}.",
            status=state,
            verb=verb,
            possible=list(self.verbs(state)),
        )


def moves(to: StrEnum, *, from_: Iterable[StrEnum]) -> dict[StrEnum, StrEnum]:
    """One row of a transition table: every status of ``from_`` leads to ``to``."""
    return dict.fromkeys(from_, to)
