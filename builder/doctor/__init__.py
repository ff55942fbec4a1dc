"""What is wrong with a Jenkins of KubeSphere, by its logs and its objects in a cluster."""

from builder.doctor.objects import casc_in, examine, pipelines_in
from builder.doctor.symptoms import symptoms, told_by, told_of
from builder.doctor.tree import Objects, documents, flat

__all__ = [
    "Objects",
    "casc_in",
    "documents",
    "examine",
    "flat",
    "pipelines_in",
    "symptoms",
    "told_by",
    "told_of",
]
