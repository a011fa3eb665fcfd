"""[pure] The states of an item of the plan of law-making, and what may happen to it in each."""

STATES = ("draft", "published", "started", "dropped")
CHANGES = ("published", "moved", "reworded", "started", "dropped", "resumed")
