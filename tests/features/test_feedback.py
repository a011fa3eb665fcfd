"""An answer is rated by whom it was given to, contested in time, and looked at by fresh eyes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.answers.models import Disposition
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.cosigning.models import Signature
from consult.errors import Conflict, DomainError, NotAllowed
from consult.events import AnswerContested, CommentWithdrawn
from consult.feedback.actions import contest_answer, rate_answer, review_contest
from consult.feedback.handlers import end_review, owe_review
from consult.feedback.models import AnswerRating, Contest
from consult.feedback.queries import contest_by_id, contest_until, contests, ratings_of
from consult.law.queries import law_of
from consult.marks import mark
from consult.moderation.actions import hide_comment, hold_comment, restore_comment
from consult.moderation.disavowing import disavow_comment
from consult.moderation.redactions import redact_comment
from consult.obligations.keeping.per_comment import DISAVOWED, HELD, HIDDEN
from consult.obligations.ledger.rules import fold
from consult.obligations.models import Obligation
from consult.obligations.queries import ledger
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from drafts.actions import set_stage
from notifications.models import Message
from tests.adopted import Act, make_act
from tests.conftest import TestClock
from tests.factories import actor_of, grant, make_person
from tests.mailed import mailed


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    """The report is out; Gulnara is an approver who has approved none of its answers."""
    made = make_act(platform, clock)
    with platform.database.writing() as session:
        agency = session.get_one(Agency, made.draft(session).agency_id)
        more = {"role": Role.APPROVER, "agency": agency}
        made.people["Gulnara"] = make_person(session, "Gulnara", **more)  # type: ignore[arg-type]
        made.people["Justice"] = make_person(session, "Justice", role=Role.OVERSIGHT)
    return made


def refused(session: Session) -> Comment:
    """What Bolot said and was refused."""
    return session.exec(select(Comment).where(Comment.body == "No libraries.")).one()


def rate(act: Act, name: str, *, met: bool) -> None:
    with act.platform.database.writing() as session:
        actor = act.actor(session, name)
        rate_answer(session, actor=actor, comment=refused(session), met=met, now=act.clock.now)


def contest(act: Act, name: str = "Bolot", reason: str = "It speaks of something else.") -> int:
    with act.platform.database.writing() as session:
        row = contest_answer(
            session,
            actor=act.actor(session, name),
            law=law_of(session, act.platform.pack),
            comment=refused(session),
            reason=reason,
            now=act.clock.now,
        )
        id_ = row.id or 0
    act.drain()
    return id_


def review(act: Act, name: str = "Gulnara", outcome: str = "accepted_in_part") -> Contest:
    with act.platform.database.writing() as session:
        (open_,) = contests(session)
        review_contest(
            session,
            actor=act.actor(session, name),
            contested=open_,
            outcome=outcome,
            decision="The sum for books was overlooked.",
            lang="en",
            now=act.clock.now,
        )
        row = open_.contest
    act.drain()
    return row


def duties(act: Act) -> list[Obligation]:
    with act.platform.database.reading() as session:
        query = select(Obligation).where(col(Obligation.subject).startswith("contest:"))
        return list(session.exec(query.order_by(col(Obligation.id))).all())


def duty(act: Act) -> Obligation:
    (only,) = duties(act)
    return only


def moderate(act: Act, do: Callable[..., None], **said: str) -> None:
    with act.platform.database.writing() as session:
        actor = act.actor(session, "Moderator")
        do(session, actor=actor, comment=refused(session), now=act.clock.now, **said)
    act.drain()


def reject(act: Act) -> None:
    with act.platform.database.writing() as session:
        set_stage(session, act.draft(session).id or 0, Stage.REJECTED, act.clock.now)
    act.drain()


def disavow(session: Session, *, actor: Actor, comment: Comment, now: datetime) -> None:
    disavow_comment(session, comment=comment, note="", now=now)


def test_the_last_word_of_a_person_about_an_answer_counts(act: Act) -> None:
    for met in (True, False, False):
        rate(act, "Bolot", met=met)
    with act.platform.database.reading() as session:
        found = ratings_of(session, col(Comment.id) == refused(session).id)
        assert (found.met, found.not_met) == (0, 1)
        assert len(session.exec(select(AnswerRating)).all()) == 1


def test_who_signed_a_comment_rates_its_answer_and_a_stranger_does_not(act: Act) -> None:
    with pytest.raises(NotAllowed):
        rate(act, "Aizada", met=True)
    with act.platform.database.writing() as session:
        session.add(
            Signature(
                comment_id=refused(session).id or 0,
                person_id=act.people["Aizada"].id or 0,
                signed_at=act.clock.now,
            )
        )
    rate(act, "Aizada", met=True)


def test_who_signed_a_comment_is_told_once_what_was_decided_about_its_answer(act: Act) -> None:
    with act.platform.database.writing() as session:
        comment, signer = refused(session), act.people["Aizada"].id or 0
        comment.signed_n = 1
        session.add(
            Signature(comment_id=comment.id or 0, person_id=signer, signed_at=act.clock.now)
        )
    contest(act)
    review(act)
    act.drain()
    (notice,) = act.notices("Aizada", "signed_contest_decided")
    (author,) = act.notices("Bolot", "contest_decided")
    assert (notice.path, notice.values) == (author.path, author.values)
    (mail,) = mailed(act.platform, Message.key == notice.key)
    assert mail.subject == "The answer to a comment you signed was looked at again"
    moderate(act, hide_comment, reason="insult")
    (notice,) = act.notices("Aizada", "signed_contest_decided")
    assert notice.values["body"] == ""  # words that are gone are not read on in a notice


def test_what_was_withdrawn_is_no_longer_counted_among_the_ratings(act: Act) -> None:
    rate(act, "Bolot", met=False)
    with act.platform.database.writing() as session:
        comment = refused(session)
        comment.withdrawn_at = act.clock.now
        session.add(comment)
        session.flush()
        assert ratings_of(session).total == 0


def test_only_the_author_contests_once_and_within_the_term(act: Act) -> None:
    with pytest.raises(NotAllowed):
        contest(act, "Aizada")
    contest(act)
    with pytest.raises(Conflict):
        contest(act)


def test_a_contest_comes_too_late_when_its_term_is_over(act: Act) -> None:
    with act.platform.database.reading() as session:
        draft, law = act.draft(session), law_of(session, act.platform.pack)
        until = contest_until(law, draft, refused(session), act.clock.now)
    assert until is not None
    act.clock.now = until
    with pytest.raises(NotAllowed):
        contest(act)
    act.clock.now = until - timedelta(seconds=1)
    contest(act)


def test_where_the_pack_has_no_such_term_nothing_can_be_contested(act: Act) -> None:
    with act.platform.database.reading() as session:
        draft = act.draft(session)
        law = law_of(session, load_pack("uk"))
        assert contest_until(law, draft, refused(session), act.clock.now) is None


def test_the_agency_owes_a_review_until_it_is_decided(act: Act) -> None:
    contest(act)
    assert (duty(act).state, duty(act).duty) == ("running", "contest_review")
    act.clock.forward(days=1)
    row = review(act)
    assert (row.outcome, duty(act).state) == ("accepted_in_part", "fulfilled")


def test_approvers_who_did_not_give_the_answer_are_told_and_then_the_author(act: Act) -> None:
    contest(act)
    assert act.notices("Gulnara", "answer_contested")
    assert not act.notices("Nurlan", "answer_contested")  # he approved it
    review(act)
    (notice,) = act.notices("Bolot", "contest_decided")
    assert (notice.values["was"], notice.values["outcome"]) == ("rejected", "accepted_in_part")
    assert notice.path.startswith("/contests/")


@pytest.mark.parametrize("name", ["Nurlan", "Olga", "Damir", "Aizada", "Moderator"])
def test_who_gave_the_answer_or_is_of_elsewhere_does_not_decide(act: Act, name: str) -> None:
    contest(act)
    with pytest.raises(DomainError):
        review(act, name)


def test_the_oversight_body_may_decide_where_nobody_else_is_left(act: Act) -> None:
    contest(act)
    assert review(act, "Justice", "rejected").outcome == "rejected"


def test_of_two_decisions_at_once_one_counts(act: Act) -> None:
    id_ = contest(act)
    review(act)
    with act.platform.database.writing() as session, pytest.raises(Conflict):
        review_contest(
            session,
            actor=actor_of(session, act.people["Justice"]),
            contested=contest_by_id(session, id_),
            outcome="rejected",
            decision="No.",
            lang="en",
            now=act.clock.now,
        )


def test_the_answer_stands_in_the_report_as_it_was_published(act: Act) -> None:
    contest(act)
    review(act)
    with act.platform.database.reading() as session:
        (decided,) = contests(session)
        assert (decided.answer.outcome, decided.contest.outcome) == ("rejected", "accepted_in_part")


def test_who_withdraws_the_comment_is_owed_no_review(act: Act) -> None:
    contest(act)
    with act.platform.database.writing() as session:
        comment = refused(session)
        comment.withdrawn_at = None
        draft = act.draft(session)
        draft.stage = "closed"  # a later round: earlier comments can still be taken back
        session.add(draft)
        session.flush()
        withdraw_comment(
            session, actor=act.actor(session, "Bolot"), comment=comment, now=act.clock.now
        )
    act.drain()
    assert duty(act).state == "cancelled"


@pytest.mark.parametrize(
    ("do", "said", "reason"),
    [
        (hold_comment, {"reason": "insult", "note": ""}, HELD),
        (hide_comment, {"reason": "insult"}, HIDDEN),
        (disavow, {}, DISAVOWED),
    ],
)
def test_the_ledger_says_why_no_review_is_owed(
    act: Act, do: Callable[..., None], said: dict[str, str], reason: str
) -> None:
    contest(act)
    moderate(act, do, **said)
    with act.platform.database.reading() as session:
        last = ledger(session, duty(act).id or 0)[-1]
    assert (last.kind, last.data["reason"]) == ("cancelled", reason)


@pytest.mark.parametrize("do", [hold_comment, hide_comment])
def test_a_contest_whose_comment_is_shown_again_is_owed_a_review_again(
    act: Act, do: Callable[..., None]
) -> None:
    contest(act)
    for _ in range(2):
        moderate(act, do, reason="insult", note="")
        shown_at = act.clock.forward(days=1)
        moderate(act, restore_comment, reason="A mistake.")
    *cancelled, again = duties(act)
    assert [row.state for row in cancelled] == ["cancelled"] * 2
    assert (again.state, again.key.rpartition(":")[2]) == ("running", "3")
    with act.platform.database.reading() as session:
        assert fold(ledger(session, again.id or 0)).trigger_at == shown_at
    review(act)
    assert [row.state for row in duties(act)] == ["cancelled", "cancelled", "fulfilled"]


def test_a_review_that_ended_with_its_draft_is_not_owed_again(act: Act) -> None:
    contest(act)
    moderate(act, hide_comment, reason="insult")
    reject(act)
    moderate(act, restore_comment, reason="A mistake.")
    assert duty(act).state == "cancelled"


def test_a_review_asked_for_after_its_draft_was_rejected_is_owed_again(act: Act) -> None:
    reject(act)
    act.clock.forward(days=1)
    contest(act)
    moderate(act, hide_comment, reason="insult")
    moderate(act, restore_comment, reason="A mistake.")
    assert [row.state for row in duties(act)] == ["cancelled", "running"]


def test_no_review_is_owed_where_the_withdrawal_was_heard_of_first(act: Act) -> None:
    with act.platform.database.writing() as session:
        comment = refused(session)
        row = Contest(
            draft_id=comment.draft_id,
            comment_id=comment.id or 0,
            disposition_id=session.exec(select(Disposition.id)).first() or 0,
            reason="It speaks of something else.",
            contested_at=act.clock.now,
        )
        comment.withdrawn_at = act.clock.now
        session.add_all((row, comment))
        session.flush()
        gone = CommentWithdrawn(row.comment_id, row.draft_id)
        asked = AnswerContested(row.id or 0, row.comment_id)
    for heard, event in ((end_review, gone), (owe_review, asked)):
        with act.platform.database.writing() as session:
            heard(session, act.platform, event, act.clock.now)  # type: ignore[operator]
    assert duties(act) == []


def test_nobody_reviews_a_contest_of_their_own(act: Act) -> None:
    contest(act)
    with act.platform.database.writing() as session:
        grant(session, act.people["Bolot"].id or 0, Role.OVERSIGHT, None, act.clock.now)
    with pytest.raises(NotAllowed, match="your own comment"):
        review(act, "Bolot")


def test_the_same_event_twice_owes_nothing_twice_and_tells_nobody_twice(act: Act) -> None:
    contest(act)
    with act.platform.database.writing() as session:
        from_before = duty(act).id
        session.flush()
    act.drain()
    assert duty(act).id == from_before
    assert len(act.notices("Gulnara", "answer_contested")) == 1


def test_redacted_words_leave_the_notices_of_the_reviewers(act: Act) -> None:
    contest(act)
    with act.platform.database.writing() as session:
        redact_comment(
            session,
            actor=act.actor(session, "Moderator"),
            comment=refused(session),
            pieces=["libraries"],
            note="",
            law=law_of(session, act.platform.pack),
            now=act.clock.now,
        )
    act.drain()
    (told,) = act.notices("Gulnara", "answer_contested")
    assert told.values["body"] == f"No {mark(1)}."


def test_reviewers_are_not_told_words_that_were_taken_back_meanwhile(act: Act) -> None:
    with act.platform.database.writing() as session:
        contest_answer(
            session,
            actor=act.actor(session, "Bolot"),
            law=law_of(session, act.platform.pack),
            comment=refused(session),
            reason="It speaks of something else.",
            now=act.clock.now,
        )
        refused(session).withdrawn_at = act.clock.now
    act.drain()
    assert act.notices("Gulnara", "answer_contested") == []
