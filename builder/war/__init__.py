"""The WAR as a plan: what goes in, under which name and time."""

from builder.war.plan import make
from builder.war.rules import fault_of, time_of

__all__ = ["fault_of", "make", "time_of"]
