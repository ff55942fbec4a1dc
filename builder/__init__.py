"""jbuild: one formula in, a verified Jenkins controller image out. Start at ``pipeline.py``."""

__version__ = "0.1.0.dev0"
