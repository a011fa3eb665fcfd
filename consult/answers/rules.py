"""[pure] Rules of answers: what a disposition needs, which one is effective, the report's gate.

What makes two texts alike is in alike.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.answers.alike import words_of
from consult.errors import Conflict, Invalid, NotAllowed

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
REASON_WORDS = 3  # the shortest that says why: "акча жетпейт быйыл"; a dot or "No." tells nobody


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
    if reason or outcome != "accepted":
        check_reason(reason)


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing (numbers and signs are no words), and an endless one."""
    if len(words_of(reason)) < REASON_WORDS:
        raise Invalid(
            "Please give the reason in a few words: the person will read it.", field="reason"
        )
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
    """Who must be answered: comment ids, the issue each stands in, the root each reply goes to.

    All of one round, as are the decisions: a root of an earlier round has none among them, so that
    a reply to it is owed an answer of its own.
    """

    comments: Sequence[int]
    issue_of: Mapping[int, int]
    root_of: Mapping[int, int]


def effective(discussion: Discussion, decisions: Iterable[Decision]) -> dict[int, Decision]:
    """The decision that counts for each comment.

    Its own comes first, then that of its issue, then, for a reply, what so counts for the comment
    its thread begins with. Comments without a decision are not in the result. The order of
    grouping plays no part.
    """
    own = {}
    of_issue = {}
    for decision in decisions:
        if decision.comment_id is not None:
            own[decision.comment_id] = decision
        elif decision.issue_id is not None:
            of_issue[decision.issue_id] = decision

    def given_to(comment: int) -> Decision | None:
        return own.get(comment) or of_issue.get(discussion.issue_of.get(comment, -1))

    found = {
        comment: given_to(comment) or given_to(discussion.root_of.get(comment, -1))
        for comment in discussion.comments
    }
    return {comment: decision for comment, decision in found.items() if decision}


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a consultation and its report, counted in comments.

    `comments` are owed an answer; a decision still being written or looked at is `unapproved`;
    of the `held` ones a moderator has not said yet whether they are owed one.
    """

    comments: int
    unanswered: int
    unapproved: int
    held: int

    @property
    def passes(self) -> bool:
        return not (self.unanswered or self.unapproved or self.held)


def check_gate(gate: Gate) -> None:
    """Refuse a report while a comment has no effective and approved decision, or is held."""
    if gate.passes:
        return
    if not gate.held:
        raise Conflict(
            "The report cannot be published yet: {unanswered} comments have no answer, "
            "{unapproved} answers are not approved.",
            unanswered=gate.unanswered,
            unapproved=gate.unapproved,
        )
    raise Conflict(
        "The report cannot be published yet: {unanswered} comments have no answer, "
        "{unapproved} answers are not approved, {held} comments wait for a moderator.",
        unanswered=gate.unanswered,
        unapproved=gate.unapproved,
        held=gate.held,
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
