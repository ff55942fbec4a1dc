"""What the image is: its Dockerfile, its labels, its files. Building it is the engine's part."""

from builder.image.bake import listed
from builder.image.context import context
from builder.image.plan import plan
from builder.image.portable import portable
from builder.image.portable import require as require_portable
from builder.image.reference import tags

__all__ = ["context", "listed", "plan", "portable", "require_portable", "tags"]
