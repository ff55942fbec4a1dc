"""``python -m builder`` is ``jbuild``."""

from builder.cli.main import run

run()
