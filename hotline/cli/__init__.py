"""The command `hotline`: the composition root, the only place that builds real adapters."""

from hotline.cli.main import main

__all__ = ["main"]
