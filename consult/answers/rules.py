"""[pure] Rules of answers: what a disposition needs, which one is effective, the report's gate."""

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
ACCEPTING = frozenset({"accepted", "accepted_in_part"})
REASON_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Decision:
    """A disposition without its row: who or what it is about, and how far it has come."""

    outcome: str
    state: str
    reason: str = ""
    changed_wid: str = ""
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
    something was accepted without naming the provision that changed.
    """
    found = effective(discussion, decisions)
    done = {"approved", "published"}
    by_reason: dict[str, list[int]] = defaultdict(list)
    for decision in decisions:
        key = " ".join(decision.reason.casefold().split())
        if key and decision.id is not None:
            by_reason[key].append(decision.id)
    return Gate(
        unanswered=tuple(c for c in discussion.comments if c not in found),
        unapproved=tuple(c for c, decision in found.items() if decision.state not in done),
        same_reasons=tuple(tuple(ids) for ids in by_reason.values() if len(ids) > 1),
        accepted_unchanged=tuple(
            d.id
            for d in decisions
            if d.id is not None and d.outcome in ACCEPTING and not d.changed_wid
        ),
    )
