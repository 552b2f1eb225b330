"""OpenAPI 3.1 out of the views: errors, idempotency keys and paging described everywhere."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ModelSerializer

from .idempotency import HEADER
from .problems import CONTENT_TYPE
from .views import REASON_HEADER

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. Further members carry the ids and numbers of the case.",
    "required": ["type", "title", "status", "code", "detail", "correlation_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; `/api/v1/problems` lists all."},
        "detail": {"type": "string", "description": "What was asked, found, and to be done."},
        "field": {"type": "string", "description": "Where it is, e.g. `lines[2].quantity`."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "correlation_id": {"type": "string", "format": "uuid"},
    },
}

_PROBLEMS = {
    "400": "The input is not valid",
    "401": "Not signed in",
    "403": "Not permitted",
    "404": "No such record, or not visible",
    "409": "The present state does not allow it",
    "422": "The idempotency key belongs to another request",
    "429": "Too many requests",
}

_KEY_PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request with the same key and body gives the same answer, once.",
)
_REASON_PARAMETER = OpenApiParameter(
    REASON_HEADER, str, OpenApiParameter.HEADER, description="Why; kept in the history."
)


class ApiSchema(AutoSchema):
    """What every operation has in common."""

    def get_tags(self) -> list[str]:
        path = self.path.removeprefix("/api/v1/").removeprefix("/api/v2/")
        return [path.split("/")[0] or "root"]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Bodies are named alike in many rooms (``NewLine``): the room tells them apart."""
        name = type(serializer).__name__
        room = type(serializer).__module__.split(".")[1]
        if isinstance(serializer, ModelSerializer) or room == "kernel":
            return name
        return name if name.lower().startswith(room) else f"{room.capitalize()}{name}"

    def get_override_parameters(self) -> list[Any]:
        signed_in = not self._open_to_all()
        if self.method == "POST" and signed_in:
            return [_KEY_PARAMETER, _REASON_PARAMETER]
        return [_REASON_PARAMETER] if self.method in {"PATCH", "DELETE"} and signed_in else []

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for status in self._possible_problems():
                operation["responses"].setdefault(status, _problem_response(_PROBLEMS[status]))
        return operation

    def _possible_problems(self) -> list[str]:
        possible = ["400", "429"]
        if not self._open_to_all():
            possible += ["401", "403"]
        if "{" in self.path:
            possible.append("404")
        if self.method != "GET":
            possible.append("409")
        if self.method == "POST" and not self._open_to_all():
            possible.append("422")
        return sorted(possible)

    def _open_to_all(self) -> bool:
        return AllowAny in self.view.permission_classes


def _problem_response(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": reference}}}


class ApiSchemaGenerator(SchemaGenerator):
    """The addresses say their version themselves."""

    def create_view(self, callback: Any, method: Any, request: Any = None) -> Any:
        view = super().create_view(callback, method, request)
        view.versioning_class = None
        return view


def add_problem_component(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: the one error shape as a component."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    return result


def build_schema(patterns: list[Any], version: str = "1") -> dict[str, Any]:
    """The OpenAPI document for the addresses in ``patterns``."""
    generator = ApiSchemaGenerator(patterns=patterns, api_version=version)
    document: dict[str, Any] = generator.get_schema(request=None, public=True)
    return document
