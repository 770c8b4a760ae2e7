"""Logging of every process: one JSON line an event on standard error, for the process manager to keep.

Log ids, states and exception classes; never a citizen's number, name or words.
"""

import logging
import sys

import structlog


def start(process: str, level: int = logging.INFO) -> None:
    """Set up structlog for this process. Records of libraries' own loggers appear from WARNING on."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
