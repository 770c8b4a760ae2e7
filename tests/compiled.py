"""The console's templates, compiled once for all processes of a test run: every test in a browser has a
console of its own, and compiling takes as long as many a test.

Of one run alone: what the compiler works out beforehand by our own filters may be another tomorrow.
"""

import atexit
import os
import shutil
from functools import cache
from tempfile import mkdtemp

from flask import Flask
from jinja2 import FileSystemBytecodeCache

FOLDER_VARIABLE = "TEST_TEMPLATES"
"""Names a folder that all processes of the run share (tests/run.sh); without it each has its own."""


def remembering(app: Flask) -> Flask:
    """The same console, which compiles no template that another has compiled."""
    app.jinja_env.bytecode_cache = _cache()
    return app


@cache
def _cache() -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(os.environ.get(FOLDER_VARIABLE) or _own_folder())


def _own_folder() -> str:
    folder = mkdtemp(prefix="hotline-templates-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
