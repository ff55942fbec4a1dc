"""What is wrong with a Jenkins of KubeSphere, by its logs and its objects in a cluster."""

from builder.doctor.objects import casc_in, examine
from builder.doctor.symptoms import symptoms, told_by

__all__ = ["casc_in", "examine", "symptoms", "told_by"]
