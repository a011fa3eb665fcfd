"""Comments as they are kept: where they hang, what is counted, what stays when they are gone."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.actions import Place, Words, edit_comment, submit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.comments.queries import discussion, revisions_of
from consult.comments.rules import body_hash
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.moderation.actions import hide_comment
from consult.outbox import OutboxEvent
from consult.platform import Platform
from drafts.models import Draft
from tests.conftest import START
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_draft,
    release_report,
    tally_of,
)

SCHOOL = "The school is open. The school is warm. The school is near."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session, (SCHOOL, "It is open five days a week."))


@pytest.fixture
def aizada(session: Session) -> Person:
    return make_person(session)


def edit(session: Session, comment: Comment, person: Person, now: object = START) -> None:
    edit_comment(
        session,
        actor=actor_of(session, person),
        comment=comment,
        words=Words("Better words.", "question", "support"),
        window=timedelta(minutes=15),
        most=100,
        now=now,  # type: ignore[arg-type]
    )


HERE = Place(wid="art_1", lang="en")


def submit(
    session: Session, draft: Draft, person: Person, place: Place = HERE, **more: str
) -> Comment:
    return submit_comment(
        session,
        actor=actor_of(session, person),
        draft=draft,
        place=place,
        words=Words(more.pop("body", "Please."), "substantive", "neutral", **more),
        lang="en",
        most=100,
        now=START,
    )


def withdraw(session: Session, comment: Comment, person: Person) -> None:
    withdraw_comment(session, actor=actor_of(session, person), comment=comment, now=START)
    session.flush()


def said(session: Session, draft: Draft, **more: object) -> list[str]:
    found = discussion(session, draft.id or 0, **more)  # type: ignore[arg-type]
    return [view.comment.body for view in found.comments]


def test_a_comment_gets_a_receipt_and_counts_for_its_place(
    session: Session, draft: Draft, aizada: Person
) -> None:
    places = (("", "One."), ("art_1", "Two."), ("art_1", "Three."))
    comments = [make_comment(session, draft, aizada, body, wid=wid) for wid, body in places]
    assert len({comment.receipt for comment in comments}) == 3
    assert comments[0].receipt == f"K-2026-{comments[0].id:06d}"
    assert [tally_of(session, draft, wid)[0] for wid in ("", "art_1", "art_2")] == [1, 2, 0]


def test_the_same_words_sent_twice_are_one_comment(
    session: Session, draft: Draft, aizada: Person
) -> None:
    first = make_comment(session, draft, aizada, "Sent once.", wid="art_1")
    assert make_comment(session, draft, aizada, "Sent once.", wid="art_1").id == first.id
    assert tally_of(session, draft, "art_1")[0] == 1
    assert make_comment(session, draft, aizada, "Sent once.").id != first.id


def test_what_was_said_and_that_it_was_said_are_written_together(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    payload = {"comment_id": comment.id, "draft_id": draft.id}
    events = session.exec(select(OutboxEvent).where(OutboxEvent.name == "CommentSubmitted")).all()
    assert [event.payload for event in events] == [payload]


def test_a_quote_is_kept_with_its_place_and_what_stands_around_it(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_1", quote="school is warm")
    assert SCHOOL[comment.quote_start or 0 :].startswith("school is warm")
    assert comment.quote_prefix.endswith("open. The ")
    assert comment.quote_suffix.startswith(". The school is near")


def test_words_that_do_not_stand_there_cannot_be_quoted(
    session: Session, draft: Draft, aizada: Person
) -> None:
    with pytest.raises(Invalid) as refusal:
        make_comment(session, draft, aizada, wid="art_1", quote="The school is cold")
    assert refusal.value.field == "quote"


def test_what_the_text_does_not_have_cannot_be_commented_on(
    session: Session, draft: Draft, aizada: Person
) -> None:
    for wid in ("art_9", "art_1' OR 1=1"):
        with pytest.raises(Conflict, match="draft as a whole"):
            make_comment(session, draft, aizada, wid=wid)


def test_words_typed_by_hand_are_quoted_as_they_stand_in_the_text(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_1", quote="the school IS warm")
    assert (comment.quote, comment.quote_start) == ("The school is warm", 20)


def test_a_comment_stays_with_the_words_it_was_made_on(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_1", quote="warm")
    before = (comment.version_id, comment.wid, comment.quote, comment.quote_start)
    close_consultation(session, session.exec(select(Consultation)).one())
    add_version(session, draft, ("Another text altogether.",), published=True)
    session.refresh(comment)
    assert (comment.version_id, comment.wid, comment.quote, comment.quote_start) == before


def test_a_reply_belongs_to_the_comment_and_not_to_the_place(
    session: Session, draft: Draft, aizada: Person
) -> None:
    first = make_comment(session, draft, aizada, wid="art_1")
    reply = make_comment(session, draft, make_person(session, "Bolot"), "Yes.", parent=first)
    session.refresh(first)
    assert (reply.wid, reply.parent_id, first.replies_n) == ("art_1", first.id, 1)
    assert tally_of(session, draft, "art_1")[0] == 1


def test_nobody_replies_to_what_is_gone_or_was_said_elsewhere(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    elsewhere = open_draft(session, agency=make_agency(session, "MOH"))
    with pytest.raises(NotFound):
        make_comment(session, elsewhere, aizada, parent=comment)
    withdraw(session, comment, aizada)
    with pytest.raises(NotFound):
        make_comment(session, draft, aizada, parent=comment)


def test_an_edited_comment_keeps_its_earlier_wording(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, "First words.")
    fingerprint = comment.body_hash
    edit(session, comment, aizada, START + 14 * MINUTE)
    (earlier,) = revisions_of(session, comment.id or 0)
    assert (earlier.body, comment.body, comment.kind) == (
        "First words.",
        "Better words.",
        "question",
    )
    assert comment.edited_at == START + 14 * MINUTE
    assert comment.body_hash != fingerprint


def test_words_that_others_signed_are_not_edited(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, "First words.")
    comment.signed_n = 1
    with pytest.raises(NotAllowed, match="Others have signed these words"):
        edit(session, comment, aizada)
    assert comment.body == "First words."


def test_what_was_proposed_and_for_whom_is_kept_with_the_earlier_wording(
    session: Session, draft: Draft
) -> None:
    club = make_person(session, "Bolot", organisation="Readers' club")
    comment = submit(session, draft, club, change="deletion", mandate=" 412\r\nmembers ")
    assert (comment.change, comment.proposed, comment.mandate) == ("deletion", "", "412 members")
    edit(session, comment, club)
    (earlier,) = revisions_of(session, comment.id or 0)
    assert (earlier.change, earlier.mandate) == ("deletion", "412 members")
    assert (comment.change, comment.mandate) == ("", "")
    assert body_hash(earlier.body, earlier.proposed, earlier.change) != comment.body_hash


def test_a_person_speaks_for_nobody_else(session: Session, draft: Draft, aizada: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        submit(session, draft, aizada, mandate="412 members")
    assert refusal.value.field == "mandate"


def test_what_is_to_go_is_a_provision_or_words_of_it(
    session: Session, draft: Draft, aizada: Person
) -> None:
    with pytest.raises(Invalid) as refusal:
        submit(session, draft, aizada, Place(), change="deletion")
    assert refusal.value.field == "change"
    first = submit(session, draft, aizada, change="deletion")
    reply = Place(parent_id=first.id)
    assert submit(session, draft, aizada, reply, change="deletion").change == "deletion"


def test_the_text_as_it_reads_already_is_no_proposal(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = submit(session, draft, aizada, proposed=f"{SCHOOL} It is heated.")
    for place, proposed in (
        (Place("art_1", "en"), f" {SCHOOL}\n"),
        (Place("art_1", "en", quote="school"), "school"),
        (Place(parent_id=comment.id), SCHOOL),
    ):
        with pytest.raises(Invalid, match="reads so already"):
            submit(session, draft, aizada, place, proposed=proposed)


def test_a_comment_with_a_proposal_is_found_among_those_about_wording(
    session: Session, draft: Draft, aizada: Person
) -> None:
    assert submit(session, draft, aizada, proposed="A school in every village.").kind == "wording"
    assert submit(session, draft, aizada, change="deletion").kind == "wording"


def test_a_proposal_is_shown_against_the_words_as_they_were(
    session: Session, draft: Draft, aizada: Person
) -> None:
    submit(session, draft, aizada, change="deletion")
    submit(session, draft, aizada, Place(), proposed="A school in every village.")
    make_comment(session, draft, aizada, "Nothing is proposed.", wid="art_1")
    views = discussion(session, draft.id or 0).comments
    assert [view.text for view in views] == ["", "", SCHOOL]


def test_a_comment_is_not_edited_too_late_or_by_another_or_when_it_is_gone(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    for person, now in ((aizada, START + 15 * MINUTE), (make_person(session, "Bolot"), START)):
        with pytest.raises(NotAllowed):
            edit(session, comment, person, now)
    withdraw(session, comment, aizada)
    with pytest.raises(NotAllowed):
        edit(session, comment, aizada)
    assert revisions_of(session, comment.id or 0) == []


def test_nothing_new_is_said_by_editing_after_the_end(
    session: Session, draft: Draft, aizada: Person
) -> None:
    end = session.exec(select(Consultation)).one().closes_at
    comment = make_comment(session, draft, aizada, now=end - MINUTE)
    with pytest.raises(NotAllowed, match="closed"):
        edit(session, comment, aizada, end)


def test_a_withdrawn_comment_leaves_a_gap_its_replies_and_no_count(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada, wid="art_1")
    make_comment(session, draft, make_person(session, "Bolot"), "Yes.", parent=comment)
    withdraw(session, comment, aizada)
    withdraw(session, comment, aizada)  # twice is once
    session.expire_all()
    (view,) = discussion(session, draft.id or 0, wid="art_1").comments
    assert view.comment.withdrawn_at == START
    assert [reply.comment.body for reply in view.replies] == ["Yes."]
    assert tally_of(session, draft, "art_1")[0] == 0


def test_a_withdrawn_reply_leaves_its_gap_in_the_thread(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    reply = make_comment(session, draft, aizada, "Yes.", parent=comment)
    withdraw(session, reply, aizada)
    session.expire_all()
    (view,) = discussion(session, draft.id or 0).comments
    assert [gap.comment.withdrawn_at for gap in view.replies] == [START]
    assert tally_of(session, draft)[0] == 1


def test_hidden_and_withdrawn_words_are_taken_from_the_count_once(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    moderator = actor_of(session, make_person(session, "Marat", role=Role.MODERATOR))
    hide_comment(session, actor=moderator, comment=comment, reason="advertising", now=START)
    withdraw(session, comment, aizada)
    assert tally_of(session, draft)[0] == 0


@pytest.mark.parametrize("first", ["withdrawn", "hidden"])
def test_what_was_taken_from_the_count_meanwhile_is_not_taken_again(
    platform: Platform, first: str
) -> None:
    with platform.database.writing() as session:
        draft, aizada = open_draft(session), make_person(session)
        marat = make_person(session, "Marat", role=Role.MODERATOR)
        seen = make_comment(session, draft, aizada)
        author, moderator = actor_of(session, aizada), actor_of(session, marat)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, seen.id)
        if first == "withdrawn":
            withdraw_comment(session, actor=author, comment=comment, now=START)
        else:
            hide_comment(session, actor=moderator, comment=comment, reason="insult", now=START)
    with platform.database.writing() as session:
        session.add(seen)  # as it was read before
        withdraw_comment(session, actor=author, comment=seen, now=START + MINUTE)
    with platform.database.reading() as session:
        assert tally_of(session, draft) == (0, 0, 0)


def test_after_the_answers_are_out_words_are_not_taken_back(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, aizada)
    consultation = session.exec(select(Consultation)).one()
    officer = make_person(session, "Olga", role=Role.OFFICER)
    close_consultation(session, consultation)
    answer_comment(session, comment, officer, make_person(session, "Bakyt", role=Role.APPROVER))
    release_report(session, consultation, officer)
    with pytest.raises(NotAllowed):
        withdraw(session, comment, aizada)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.MODERATOR, Role.OVERSIGHT])
def test_staff_do_not_comment(session: Session, draft: Draft, role: Role) -> None:
    with pytest.raises(NotAllowed):
        make_comment(session, draft, make_person(session, role=role))


def test_a_draft_in_preparation_takes_no_comments(session: Session, aizada: Person) -> None:
    with pytest.raises(NotAllowed, match="not open"):
        make_comment(session, make_draft(session, make_agency(session)), aizada)


def test_a_discussion_is_read_page_by_page_even_while_it_grows(
    session: Session, draft: Draft, aizada: Person
) -> None:
    for n in range(1, 6):
        make_comment(session, draft, aizada, f"Comment {n}.")
    first = discussion(session, draft.id or 0, limit=2)
    make_comment(session, draft, aizada, "Comment 6.")
    assert [view.comment.body for view in first.comments] == ["Comment 5.", "Comment 4."]
    assert said(session, draft, limit=2, cursor=first.older) == ["Comment 3.", "Comment 2."]


@pytest.mark.parametrize("sort", ["newest", "supported", "'; DROP TABLE comment; --"])
def test_a_wrong_cursor_or_order_shows_the_first_page(
    session: Session, draft: Draft, aizada: Person, sort: str
) -> None:
    make_comment(session, draft, aizada, "Here.")
    for cursor in ("x", "1.2.3", "-1", "9" * 30, "1e9", "٣", ".", "\0"):
        assert said(session, draft, sort=sort, cursor=cursor) == ["Here."]
