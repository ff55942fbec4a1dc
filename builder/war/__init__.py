"""The WAR as a plan: what goes in, and under which names."""

from builder.war.plan import fingerprint, make
from builder.war.rules import fault_of

__all__ = ["fault_of", "fingerprint", "make"]
