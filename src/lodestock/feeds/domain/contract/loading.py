"""Reads a contract file: YAML, then the schema, then the references; all problems at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from lodestock.feeds.domain.contract.building import build_contract
from lodestock.feeds.domain.contract.model import Contract
from lodestock.feeds.domain.contract.references import reference_problems
from lodestock.feeds.errors import InvalidContract

SIZE_MAX = 1 << 20


def load_contract(path: Path) -> Contract:
    """The contract in ``path``. Raises ``InvalidContract`` naming every problem and its place."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidContract(str(path), [f"the file cannot be read: {error}"]) from error
    return parse_contract(text, name=path.name)


def parse_contract(text: str, *, name: str = "contract") -> Contract:
    """The contract in ``text`` (YAML, or JSON, which is a part of it)."""
    if len(text) > SIZE_MAX:
        raise InvalidContract(name, [f"longer than {SIZE_MAX:,} characters"])
    document = _yaml(text, name)
    problems = list(_schema_problems(document))
    if not problems:
        problems = list(reference_problems(document))
    if problems:
        raise InvalidContract(name, problems)
    return build_contract(document)


def contract_document(text: str) -> dict[str, Any]:
    """The plain data of a contract already known to be valid."""
    document: dict[str, Any] = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - a SafeLoader
    return document


@cache
def contract_schema() -> Mapping[str, Any]:
    """The JSON Schema of contracts; a copy is checked in as ``schemas/contracts/contract.json``."""
    source = resources.files(__package__).joinpath("schema.json")
    schema: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return schema


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key written twice, which plain YAML would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


# YAML 1.1 reads ``on``, ``yes`` and dates as other things than the text that was typed.
_UniqueKeyLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if "timestamp" not in tag]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(text: str, name: str) -> Any:
    try:
        document = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - derives from SafeLoader
    except yaml.YAMLError as error:
        raise InvalidContract(name, [f"not valid YAML: {error}"]) from error
    if not isinstance(document, dict):
        raise InvalidContract(name, ["a contract is a mapping with the keys contract, version, …"])
    return document


def _schema_problems(document: Any) -> Iterator[str]:
    validator = Draft202012Validator(contract_schema(), format_checker=FormatChecker())
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.path)))
    for error in errors:
        yield f"{place(error)}: {_message(error)}"


def place(error: ValidationError) -> str:
    """Where in the file, e.g. ``columns[3](po_sent_on).patterns[0]``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return "".join(steps).lstrip(".") or "(top)"


def _message(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        allowed = ", ".join(sorted(error.schema.get("properties", {})))
        return f"{error.message}. Known here: {allowed}" if allowed else error.message
    return error.message.replace(" is not valid under any of the given schemas", " fits no form")
