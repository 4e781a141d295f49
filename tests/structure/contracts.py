"""A contract for import-linter that it does not bring: a list of all that a part of the package may import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class Only(Contract):
    """These modules import each other, what is listed, and nothing else."""

    type_name = "only"

    modules = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  as import-linter calls it
        """Find every import that is not listed; a module that is not there yet imports nothing."""
        names: list[str] = self.modules  # type: ignore[assignment]
        allowed: list[str] = [*names, *self.may_import]  # type: ignore[misc]
        refused = [
            f"{importer} imports {imported}"
            for importer in sorted(graph.modules)
            if _within(importer, names)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not _within(imported, allowed)
        ]
        return ContractCheck(kept=not refused, metadata={"refused": refused})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that are not allowed, one a line."""
        for line in check.metadata["refused"]:
            output.print_error(line)


def _within(module: str, names: list[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)
