"""An import-linter contract: rooms meet at their front doors only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from importlinter import Contract, ContractCheck, fields, output


@dataclass(frozen=True)
class Trespass:
    """One import that goes through a wall."""

    importer: str
    imported: str
    line: int


class FrontDoors(Contract):
    """Of another room, a room may import only the modules named in `doors`.

    `open_rooms` have no walls. `wiring_room` introduces the others to each other and may also use
    their `wiring_doors`.
    """

    doors = fields.SetField(subfield=fields.StringField())
    open_rooms = fields.SetField(subfield=fields.StringField())
    wiring_room = fields.StringField()
    wiring_doors = fields.SetField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Look at every direct import between two rooms."""
        root = self.session_options["root_packages"][0]
        found = [
            trespass
            for importer in sorted(graph.modules)
            if importer.startswith(f"{root}.")
            for trespass in self._trespasses(graph, root, importer)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and what would have been allowed."""
        for trespass in check.metadata["found"]:
            output.print_error(
                f"{trespass.importer} (line {trespass.line}) imports {trespass.imported}"
            )
        output.print(f"A room's front doors are: {', '.join(sorted(self.doors))}.")

    def _trespasses(self, graph: Any, root: str, importer: str) -> list[Trespass]:
        imported_modules = graph.find_modules_directly_imported_by(importer)
        return [
            Trespass(importer, imported, self._line(graph, importer, imported))
            for imported in sorted(imported_modules)
            if imported.startswith(f"{root}.") and not self._allowed(importer, imported)
        ]

    def _allowed(self, importer: str, imported: str) -> bool:
        own, other = importer.split(".")[1], imported.split(".")[1]
        # A module beside the rooms (`python -m lodestock`) only hands over to the roof.
        if own == other or own == "__main__" or other in self.open_rooms:
            return True
        door = [*imported.split("."), ""][2]
        doors = self.doors | (self.wiring_doors if own == self.wiring_room else set())
        return door in doors

    def _line(self, graph: Any, importer: str, imported: str) -> int:
        details = graph.get_import_details(importer=importer, imported=imported)
        return int(details[0]["line_number"]) if details else 0
