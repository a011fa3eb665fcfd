"""Appeals: to the oversight body, within the term, decided by somebody else, undone at once."""

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.models import Agency
from consult.campaigns.queries import counts
from consult.checks import findings
from consult.comments.actions import withdraw_comment
from consult.consultations.models import Tally
from consult.errors import Conflict, DomainError, Invalid, NotAllowed
from consult.moderation.actions import restore_comment
from consult.moderation.appealing import appeal, decide_appeal
from consult.moderation.appeals import act_to_appeal, appeals, standing_acts
from consult.moderation.models import Redaction
from consult.moderation.publishing import public_log
from consult.obligations.models import Obligation
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.conftest import TestClock
from tests.moderated import WORDS, Moderated, moderated


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Moderated:
    return moderated(platform, clock)


def ask(scene: Moderated, act_id: int, by: str = "Aizada", reason: str = "It is my own.") -> None:
    with scene.platform.database.writing() as session:
        act, comment = act_to_appeal(session, act_id)
        appeal(
            session,
            actor=scene.actor(session, by),
            act=act,
            comment=comment,
            reason=reason,
            law=scene.law(session),
            now=scene.now,
        )


def decide(scene: Moderated, decision: str, by: str = "Jyldyz", reason: str = "We looked.") -> None:
    with scene.platform.database.writing() as session:
        row = session.merge(scene.appeal())
        actor = scene.actor(session, by)
        decide_appeal(
            session, actor=actor, row=row, decision=decision, reason=reason, now=scene.now
        )


def counted(scene: Moderated) -> int:
    with scene.platform.database.reading() as session:
        comment = scene.comment(session)
        return session.get_one(Tally, (comment.version_id, comment.wid)).comments_n


@pytest.mark.parametrize("act", ["hold", "hide"])
def test_an_appeal_that_is_right_shows_the_words_again(scene: Moderated, act: str) -> None:
    ask(scene, scene.moderate(act))
    assert not scene.read().is_public
    decide(scene, "overturned")
    assert scene.read().is_public
    assert counted(scene) == 1
    with scene.platform.database.reading() as session:
        shown, acted = public_log(session)
        assert (shown.act.act, shown.act.reason) == ("restore", "We looked.")
        assert acted.appeal is not None
        assert acted.appeal.decision == "overturned"


def test_an_appeal_that_is_right_puts_the_words_back(scene: Moderated) -> None:
    first = scene.moderate("redact", "Asan Usonov", "0555 12 34 56")
    scene.moderate("redact", "knows")
    ask(scene, first)
    decide(scene, "overturned")
    comment = scene.read()
    assert comment.body.replace("[personal data removed 3]", "knows") == WORDS
    assert comment.redacted_at is not None  # the other redaction stands
    with scene.platform.database.reading() as session:
        assert public_log(session)[0].act.act == "put_back"
        standing = standing_acts(session, scene.law(session), comment, scene.now)
        assert [one.act.id for one in standing] == [first + 1]


def test_words_that_were_put_back_are_compared_as_they_read_now(scene: Moderated) -> None:
    def compared() -> tuple[int, int]:
        scene.drain()
        with scene.platform.database.reading() as session:
            return counts(session, scene.draft_id)

    with scene.platform.database.writing() as session:
        draft = session.get_one(Draft, scene.draft_id)
        factories.make_comment(session, draft, factories.make_person(session, "Twin"), WORDS)
    assert compared() == (2, 1)
    act = scene.moderate("redact", "Asan Usonov")
    assert compared() == (2, 2)
    ask(scene, act)
    decide(scene, "overturned")
    assert compared() == (2, 1)


def test_putting_words_back_shows_no_hidden_comment(scene: Moderated) -> None:
    act = scene.moderate("redact", "Asan Usonov")
    hidden = scene.moderate("hide")
    ask(scene, act)
    decide(scene, "overturned")
    assert scene.read().hidden_at is not None
    ask_ids = [hidden]
    with scene.platform.database.reading() as session:
        comment = scene.comment(session)
        standing = standing_acts(session, scene.law(session), comment, scene.now)
        assert [one.act.id for one in standing] == ask_ids
        assert comment.redacted_at is None


def test_an_appeal_turned_down_changes_nothing_but_the_log(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    decide(scene, "upheld")
    assert scene.read().hidden_at is not None
    with scene.platform.database.reading() as session:
        (row,) = public_log(session)
        assert row.appeal is not None
        assert (row.appeal.decision, row.appeal.decision_reason) == ("upheld", "We looked.")
    with pytest.raises(Conflict):
        decide(scene, "overturned")


def test_words_are_kept_while_an_appeal_about_them_waits(scene: Moderated) -> None:
    ask(scene, scene.moderate("redact", "Asan Usonov"))
    scene.clock.forward(days=90)
    scene.drain()
    with scene.platform.database.reading() as session:
        assert session.exec(select(Redaction.words)).one() == "Asan Usonov"
    decide(scene, "upheld")
    scene.drain()
    with scene.platform.database.reading() as session:
        assert session.exec(select(Redaction.words)).one() == ""


def test_only_the_author_appeals_once_an_act_and_in_time(scene: Moderated) -> None:
    act = scene.moderate("hide")
    with pytest.raises(NotAllowed):
        ask(scene, act, by="Reader")
    with pytest.raises(Invalid):
        ask(scene, act, reason="  ")
    with scene.platform.database.reading() as session:
        standing = standing_acts(session, scene.law(session), scene.comment(session), scene.now)
    assert standing[0].until is not None
    scene.clock.forward(days=32)
    with pytest.raises(NotAllowed, match="over"):
        ask(scene, act)
    scene.clock.forward(days=-32)
    ask(scene, act)
    with pytest.raises(Conflict):
        ask(scene, act)


def test_what_was_undone_already_cannot_be_appealed_against(scene: Moderated) -> None:
    act = scene.moderate("hold")
    with scene.platform.database.writing() as session:
        restore_comment(
            session,
            actor=scene.actor(session, "Marat"),
            comment=scene.comment(session),
            reason="Fine.",
            now=scene.now,
        )
    with pytest.raises(Conflict):
        ask(scene, act)


def test_who_withdrew_the_comment_appeals_no_more(scene: Moderated) -> None:
    act = scene.moderate("hide")
    with scene.platform.database.writing() as session:
        actor, comment = scene.actor(session, "Aizada"), scene.comment(session)
        withdraw_comment(session, actor=actor, comment=comment, now=scene.now)
    with pytest.raises(Conflict):
        ask(scene, act)


def test_a_moderator_who_thought_better_of_it_leaves_nothing_to_undo(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    with scene.platform.database.writing() as session:
        restore_comment(
            session,
            actor=scene.actor(session, "Marat"),
            comment=scene.comment(session),
            reason="A mistake.",
            now=scene.now,
        )
    decide(scene, "overturned")
    assert counted(scene) == 1


def test_words_shown_by_the_oversight_body_are_not_taken_away_again(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    decide(scene, "overturned")
    for act in ("hold", "hide"):
        with pytest.raises(Conflict):
            scene.moderate(act)
    scene.moderate("redact", "0555 12 34 56")  # that was never asked


def test_an_appeal_against_a_hold_does_not_undo_a_later_hiding(scene: Moderated) -> None:
    ask(scene, scene.moderate("hold"))
    hidden = scene.moderate("hide")
    decide(scene, "overturned")
    assert scene.read().hidden_at is not None
    with scene.platform.database.reading() as session:
        (standing,) = standing_acts(session, scene.law(session), scene.read(), scene.now)
    assert (standing.act.id, standing.in_time, standing.appeal) == (hidden, True, None)


def _grant(scene: Moderated, name: str, role: Role, agency_id: int | None) -> None:
    with scene.platform.database.writing() as session:
        factories.grant(session, scene.actor(session, name).person_id, role, agency_id, scene.now)


def test_who_acted_does_not_decide_whatever_other_role_is_held(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    _grant(scene, "Marat", Role.OVERSIGHT, None)
    with pytest.raises(NotAllowed, match="own decision"):
        decide(scene, "upheld", by="Marat")


def test_nobody_decides_about_their_own_appeal_or_comment(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    for role in (Role.OVERSIGHT, Role.MODERATOR):
        _grant(scene, "Aizada", role, None)
    with pytest.raises(NotAllowed, match="your own comment"):
        decide(scene, "overturned", by="Aizada")
    with pytest.raises(NotAllowed, match="your own comment"):
        scene.moderate("redact", "Asan Usonov", by="Aizada")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MODERATOR, Role.OVERSIGHT])
def test_nobody_of_the_agency_criticised_decides(scene: Moderated, role: Role) -> None:
    ask(scene, scene.moderate("hide"))
    _grant(scene, "Jyldyz", role, scene.ministry_id)
    with pytest.raises(NotAllowed):
        decide(scene, "upheld")
    _grant(scene, "Marat", role, scene.ministry_id)
    with pytest.raises(DomainError):
        scene.moderate("redact", "Asan Usonov")


@pytest.mark.parametrize("by", ["Reader", "Marat"])
def test_only_the_oversight_body_decides(scene: Moderated, by: str) -> None:
    ask(scene, scene.moderate("hide"))
    with pytest.raises(NotAllowed):
        decide(scene, "overturned", by=by)


@pytest.mark.parametrize(("decision", "reason"), [("", "x"), ("maybe", "x"), ("upheld", " ")])
def test_a_decision_says_what_and_why(scene: Moderated, decision: str, reason: str) -> None:
    ask(scene, scene.moderate("hide"))
    with pytest.raises(Invalid):
        decide(scene, decision, reason=reason)


def test_the_oversight_body_owes_the_decision_and_everybody_is_told(scene: Moderated) -> None:
    ask(scene, scene.moderate("hide"))
    scene.drain()
    with scene.platform.database.reading() as session:
        query = select(Obligation).where(Obligation.duty == "appeal_decision")
        duty = session.exec(query).one()
        (case,) = appeals(session, scene.law(session), decided=False)
    assert (duty.agency_id, duty.state) == (scene.oversight_id, "running")
    assert case.due is not None
    assert case.due.due_at == duty.due_at
    assert scene.notices("Jyldyz") == scene.notices("Marat") == ["appealed"]
    decide(scene, "overturned")
    scene.drain()
    with scene.platform.database.reading() as session:
        assert session.get_one(Obligation, duty.id).state == "fulfilled"
        assert appeals(session, scene.law(session), decided=False) == []
        assert len(appeals(session, scene.law(session), decided=True)) == 1
    assert scene.notices("Marat") == ["appeal_decided", "appealed"]
    assert scene.notices("Aizada") == ["appeal_decided", "hidden", "receipt", "restored"]


def test_where_there_is_no_oversight_body_nobody_owes_it_and_the_check_says_so(
    scene: Moderated,
) -> None:
    said = "that owes decisions on appeals"
    assert not any(said in finding.text for finding in findings(scene.platform))
    with scene.platform.database.writing() as session:
        session.get_one(Agency, scene.oversight_id).kind = "ministry"
    ask(scene, scene.moderate("hide"))
    scene.drain()
    with scene.platform.database.reading() as session:
        query = select(Obligation).where(col(Obligation.duty) == "appeal_decision")
        assert session.exec(query).first() is None
    assert any(said in finding.text for finding in findings(scene.platform))
    decide(scene, "overturned")
    scene.drain()
    assert scene.read().is_public
