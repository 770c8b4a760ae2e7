"""The core of Minsheng: what the hotline knows and what may happen. No telephony, no web, no audio."""

from importlib.metadata import version

__version__ = version("minsheng")
