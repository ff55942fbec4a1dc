"""Which file, which range, which mirror next: a pure state machine that downloads obey."""

from builder.schedule.orders import ENDLESS, Order
from builder.schedule.places import Place
from builder.schedule.plan import Schedule
from builder.schedule.targets import FRONT, Outcome, Target

__all__ = ["ENDLESS", "FRONT", "Order", "Outcome", "Place", "Schedule", "Target"]
