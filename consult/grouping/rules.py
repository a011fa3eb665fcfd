"""[pure] Which comments look as if they raised one point. A person decides whether they do."""

METHODS = ("same_text", "near_duplicate", "shared_words")  # in the order they are tried
STATES = ("open", "taken", "dismissed")
