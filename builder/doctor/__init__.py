"""What is wrong with a Jenkins of KubeSphere, by its logs and its objects in a cluster."""

from builder.doctor.objects import Objects, casc_in, documents, examine, flat
from builder.doctor.symptoms import symptoms, told_by

__all__ = ["Objects", "casc_in", "documents", "examine", "flat", "symptoms", "told_by"]
