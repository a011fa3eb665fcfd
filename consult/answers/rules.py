"""[pure] Rules of answers: what a disposition needs, which one is effective, the report's gate."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.errors import Invalid, NotAllowed

OUTCOMES = (
    "accepted",
    "accepted_in_part",
    "already_provided",
    "rejected",
    "answered",
    "out_of_scope",
    "forwarded",
)
STATES = ("draft", "submitted", "approved", "published")
SETTLED = frozenset({"approved", "published"})
ACCEPTING = frozenset({"accepted", "accepted_in_part"})
REASON_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Decision:
    """A disposition without its row: who or what it is about, and how far it has come.

    `text_changed` says whether the provision it names reads otherwise than when it was discussed.
    """

    outcome: str
    state: str
    reason: str = ""
    changed_wid: str = ""
    text_changed: bool = True
    issue_id: int | None = None
    comment_id: int | None = None
    id: int | None = None


def check_decision(outcome: str, reason: str) -> None:
    """Refuse an unknown outcome, and one without a reason; only *accepted* may go without."""
    if outcome not in OUTCOMES:
        raise Invalid("Please choose what was decided.", field="outcome")
    if not reason and outcome != "accepted":
        raise Invalid("Please give the reason: the person will read it.", field="reason")
    if len(reason) > REASON_MAX:
        raise Invalid(
            "This is too long: at most {most} characters.", field="reason", most=REASON_MAX
        )


def check_second_person(drafted_by: int, approver: int) -> None:
    """Refuse approving one's own answer."""
    if drafted_by == approver:
        raise NotAllowed("An answer is approved by another person than the one who wrote it.")


@dataclass(frozen=True, slots=True)
class Discussion:
    """Who must be answered: comment ids, the issue each stands in, the comment each replies to."""

    comments: Sequence[int]
    issue_of: Mapping[int, int]
    parent_of: Mapping[int, int]


def effective(discussion: Discussion, decisions: Iterable[Decision]) -> dict[int, Decision]:
    """The decision that counts for each comment.

    Its own comes first, then that of its issue, then, for a reply, what counts for the comment
    it replies to. Comments without a decision are not in the result. The order of grouping
    plays no part.
    """
    own = {}
    of_issue = {}
    for decision in decisions:
        if decision.comment_id is not None:
            own[decision.comment_id] = decision
        elif decision.issue_id is not None:
            of_issue[decision.issue_id] = decision

    def decide(comment: int | None) -> Decision | None:
        if comment is None:
            return None
        issue = discussion.issue_of.get(comment, -1)
        parent = discussion.parent_of.get(comment)
        return own.get(comment) or of_issue.get(issue) or decide(parent)

    found = {comment: decide(comment) for comment in discussion.comments}
    return {comment: decision for comment, decision in found.items() if decision}


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a report may be published: what is still owed, and what looks wrong."""

    unanswered: tuple[int, ...]
    unapproved: tuple[int, ...]
    same_reasons: tuple[tuple[int, ...], ...]
    accepted_unchanged: tuple[int, ...]

    @property
    def passes(self) -> bool:
        return not self.unanswered and not self.unapproved

    @property
    def has_warnings(self) -> bool:
        return bool(self.same_reasons or self.accepted_unchanged)


def gate(discussion: Discussion, decisions: Sequence[Decision]) -> Gate:
    """Passes only when every admissible comment has an effective and approved decision.

    Warns, but does not refuse, when one reason answers several unlike things, and when
    something was accepted but no provision is named, or the one named reads as before.
    """
    found = effective(discussion, decisions)
    counting = {decision.id: decision for decision in found.values() if decision.id is not None}
    return Gate(
        unanswered=tuple(c for c in discussion.comments if c not in found),
        unapproved=tuple(c for c, decision in found.items() if decision.state not in SETTLED),
        same_reasons=same_reasons({id_: d.reason for id_, d in counting.items()}),
        accepted_unchanged=accepted_unchanged(counting.values()),
    )


def accepted_unchanged(decisions: Iterable[Decision]) -> tuple[int, ...]:
    """The decisions that promise a change of the text and show none."""
    return tuple(
        decision.id
        for decision in decisions
        if decision.id is not None
        and decision.outcome in ACCEPTING
        and not (decision.changed_wid and decision.text_changed)
    )


def same_reasons(reasons: Mapping[int, str]) -> tuple[tuple[int, ...], ...]:
    """The decisions that share their reason, whatever its capitals and spaces: template answers."""
    alike: dict[str, list[int]] = defaultdict(list)
    for decision_id, reason in reasons.items():
        if words := " ".join(reason.casefold().split()):
            alike[words].append(decision_id)
    return tuple(tuple(ids) for ids in alike.values() if len(ids) > 1)


def likeness(one: str, other: str) -> float:
    """How much two comments have in common, from 0 to 1: shared words among all (Jaccard)."""
    a, b = (frozenset(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(a & b) / len(a | b) if a and b else 0.0
