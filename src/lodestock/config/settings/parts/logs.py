"""Structured logs: one JSON object a line, the correlation id in every one of them."""

import logging
from typing import Any

import structlog

from lodestock.config.observability.correlation import add_correlation
from lodestock.config.observability.tracing import add_trace

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    add_correlation,
    add_trace,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def logging_config(log_format: str, level: str, log_file: str = "") -> dict[str, Any]:
    """Return Django's LOGGING for the given format (`json` or `console`).

    Answers go to standard output, so that --json stays one object; logs go to standard error, or
    into a file where a person is meant to read the terminal.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"console": _handler(log_file) | {"formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "axes": {"level": "WARNING"},
            "psycopg.pool": {"level": "WARNING"},
        },
    }


def _handler(log_file: str) -> dict[str, Any]:
    if not log_file:
        return {"class": "logging.StreamHandler"}
    return {"class": "logging.handlers.WatchedFileHandler", "filename": log_file, "delay": True}


def configure_structlog() -> None:
    """Point structlog at the standard library's handlers; called once, by the settings."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(True)
