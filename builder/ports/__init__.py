"""What jbuild asks of the outside, worded in our own types; ``world.py`` builds the real ones."""

from builder.ports.files import Archives, Revisions, Store, Workspace
from builder.ports.images import Baker, Booter, Engine, Judges, Registry, Visitor
from builder.ports.progress import Listener, Progress, Stage, Stages, unheard
from builder.ports.sources import Artifacts, BaseImages, Bases, Builds, Documents, Downloads
from builder.ports.world import World

__all__ = [
    "Archives",
    "Artifacts",
    "Baker",
    "BaseImages",
    "Bases",
    "Booter",
    "Builds",
    "Documents",
    "Downloads",
    "Engine",
    "Judges",
    "Listener",
    "Progress",
    "Registry",
    "Revisions",
    "Stage",
    "Stages",
    "Store",
    "Visitor",
    "Workspace",
    "World",
    "unheard",
]
