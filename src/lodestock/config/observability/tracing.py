"""OpenTelemetry, when it is wanted (``LODESTOCK_TRACING=1``) and installed (extra ``tracing``).

Where spans go is said by OpenTelemetry's own variables, such as ``OTEL_EXPORTER_OTLP_ENDPOINT``.
Nothing of it is imported otherwise.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import MutableMapping
from importlib import import_module
from typing import Any

from lodestock.config.env import BadSetting

NEEDED = (
    "opentelemetry.sdk.trace",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.instrumentation.django",
    "opentelemetry.instrumentation.psycopg",
    "opentelemetry.instrumentation.celery",
)
INSTRUMENTORS = {
    "opentelemetry.instrumentation.django": "DjangoInstrumentor",
    "opentelemetry.instrumentation.psycopg": "PsycopgInstrumentor",
    "opentelemetry.instrumentation.celery": "CeleryInstrumentor",
}


def start_tracing(*, service: str = "lodestock") -> None:
    """Send spans of requests, statements and tasks. Raises BadSetting naming what is missing."""
    missing = [name for name in NEEDED if not _is_installed(name)]
    if missing:
        raise BadSetting(
            f"LODESTOCK_TRACING is on, but {', '.join(missing)} cannot be imported:"
            " pip install 'lodestock[tracing]', or switch it off."
        )
    trace = import_module("opentelemetry.trace")
    sdk = import_module("opentelemetry.sdk.trace")
    resources = import_module("opentelemetry.sdk.resources")
    export = import_module("opentelemetry.sdk.trace.export")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": service}))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    for module, name in INSTRUMENTORS.items():
        getattr(import_module(module), name)().instrument()


def add_trace(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """structlog processor: the ids of the present span, so that logs and traces find each other.

    Does nothing in a process that never imported OpenTelemetry.
    """
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return event
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
