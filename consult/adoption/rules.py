"""[pure] How the way of a draft may end, and the states of what an agency accepted to do."""

OUTCOMES = ("adopted", "rejected")
COMMITMENT_STATES = ("planned", "in_progress", "done", "not_done")
