"""The WAR as a plan: what goes in, and under which names."""

from builder.war.changes import Core, changes
from builder.war.plan import fingerprint, make
from builder.war.rules import fault_of

__all__ = ["Core", "changes", "fault_of", "fingerprint", "make"]
