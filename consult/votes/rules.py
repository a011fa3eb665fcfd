"""[pure] What can be voted on, and how a changed vote changes the counts."""

from consult.errors import Invalid

VALUES = {"1": 1, "-1": -1, "0": 0}


def version_target(version_id: int, wid: str = "") -> str:
    """The address of a version, or of a provision in it: a changed text is voted on anew."""
    return f"version:{version_id}#{wid}" if wid else f"version:{version_id}"


def comment_target(comment_id: int) -> str:
    return f"comment:{comment_id}"


def value_of(choice: str) -> int:
    """+1, -1, or 0 to take a vote back; raises Invalid."""
    if choice not in VALUES:
        raise Invalid("Please choose one of the options.", field="value")
    return VALUES[choice]


def change_of_counts(old: int, new: int) -> tuple[int, int]:
    """What to add to (for, against) when a vote goes from `old` to `new`."""
    return (new == 1) - (old == 1), (new == -1) - (old == -1)
