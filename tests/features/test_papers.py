"""Papers: every part becomes a comment with its receipt; all or none, however often sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, DomainError, Invalid, NotAllowed
from consult.events import CommentSubmitted
from consult.outbox import OutboxEvent
from consult.papers.actions import send_paper
from consult.papers.models import Paper
from consult.papers.queries import parts_of, provisions_of
from consult.papers.rules import Part, split
from consult.platform import Platform
from drafts.models import Draft
from tests.conftest import START
from tests.factories import (
    actor_of,
    close_consultation,
    make_comment,
    make_person,
    open_draft,
    tally_of,
)

TEXTS = {"en": ("A library stands in every village.", "It is open."), "ru": ("Одна.", "Другая.")}
PARTS = (Part("", "We are librarians."), Part("art_1", "On Article 1: why?", "question"))


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session, TEXTS)


@pytest.fixture
def union(session: Session) -> Person:
    return make_person(session, "Union", organisation="Union of librarians")


def send(
    session: Session,
    draft: Draft,
    actor: Actor,
    *parts: Part,
    title: str = "Position of the union",
    mandate: str = "",
) -> Paper:
    return send_paper(
        session,
        actor=actor,
        draft=draft,
        title=title,
        parts=parts or PARTS,
        mandate=mandate,
        lang="en",
        most=100,
        now=START,
    )


def comments(session: Session) -> list[Comment]:
    return list(session.exec(select(Comment)).all())


def test_every_part_is_a_comment_with_its_receipt(
    session: Session, draft: Draft, union: Person
) -> None:
    paper = send(session, draft, actor_of(session, union), mandate="40 members")
    found = [view.comment for view in parts_of(session, paper.id or 0)]
    assert [(c.wid, c.anchor_lang, c.body, c.kind) for c in found] == [
        ("", "", "We are librarians.", "substantive"),
        ("art_1", "en", "On Article 1: why?", "question"),
    ]
    assert len({c.receipt for c in found}) == 2
    assert {c.mandate for c in found} == {"40 members"}
    events = session.exec(select(OutboxEvent.name)).all()
    assert events.count(CommentSubmitted.__name__) == 2
    assert tally_of(session, draft, "art_1")[0] == 1


def test_a_paper_sent_twice_is_one(session: Session, draft: Draft, union: Person) -> None:
    actor = actor_of(session, union)
    assert send(session, draft, actor).id == send(session, draft, actor).id
    assert len(comments(session)) == 2
    assert len(session.exec(select(Paper)).all()) == 1


def test_a_paper_sent_twice_at_once_is_one(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft_id = open_draft(session).id
        actor = actor_of(session, make_person(session))

    def one(_n: int) -> int | None:
        try:
            with platform.database.writing() as session:
                return send(session, session.get_one(Draft, draft_id), actor).id
        except DomainError:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(4))) == {1}
    with platform.database.reading() as session:
        assert len(comments(session)) == 2


def test_a_comment_sent_before_becomes_a_part(
    session: Session, draft: Draft, union: Person
) -> None:
    before = make_comment(session, draft, union, PARTS[1].text, wid="art_1")
    paper = send(session, draft, actor_of(session, union))
    session.refresh(before)
    assert before.paper_id == paper.id
    assert len(comments(session)) == 2


def test_a_part_left_out_is_not_sent(session: Session, draft: Draft, union: Person) -> None:
    actor = actor_of(session, union)
    paper = send(session, draft, actor, PARTS[0], Part("art_1", "Secret.", out=True))
    assert len(parts_of(session, paper.id or 0)) == 1
    with pytest.raises(Invalid):
        send(session, draft, actor, Part("", "Nothing.", out=True))


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((PARTS[0], Part("art_1", " ")), "part-1"),
        ((PARTS[0], Part("", "skipped", out=True), Part("art_1", "x" * 101)), "part-2"),
    ],
)
def test_a_part_that_is_refused_is_named(
    session: Session, draft: Draft, union: Person, parts: tuple[Part, ...], field: str
) -> None:
    with pytest.raises(Invalid) as refused, session.begin_nested():
        send(session, draft, actor_of(session, union), *parts)
    assert refused.value.field == field
    assert not comments(session)


def test_all_parts_are_taken_or_none(session: Session, draft: Draft, union: Person) -> None:
    with pytest.raises(Conflict) as refused, session.begin_nested():
        send(session, draft, actor_of(session, union), PARTS[0], Part("art_9", "Gone."))
    assert refused.value.field == "part-1"
    assert not comments(session)


@pytest.mark.parametrize("title", ["", " \n ", "x" * 201])
def test_a_paper_needs_a_title_that_fits(
    session: Session, draft: Draft, union: Person, title: str
) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, draft, actor_of(session, union), title=title)
    assert refused.value.field == "title"


def test_a_mandate_is_refused_where_it_was_typed(session: Session, draft: Draft) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, draft, actor_of(session, make_person(session)), mandate="Everybody")
    assert refused.value.field == "mandate"


def test_papers_are_taken_while_the_discussion_is_open(
    session: Session, draft: Draft, union: Person
) -> None:
    officer = make_person(session, "Olga", role=Role.OFFICER)
    with pytest.raises(NotAllowed):
        send(session, draft, actor_of(session, officer))
    close_consultation(session, session.exec(select(Consultation)).one())
    session.refresh(draft)
    with pytest.raises(NotAllowed):
        send(session, draft, actor_of(session, union))


def test_provisions_are_known_in_all_languages_of_the_version(
    session: Session, draft: Draft
) -> None:
    consultation = session.exec(select(Consultation)).one()
    told = provisions_of(session, consultation.version_id, "ru")
    assert [wid for wid, _ in told.choices] == ["art_1", "art_2"]
    parts = split("Article 2: no.\nСтатья 1: да.", told.names)
    assert [part.wid for part in parts] == ["art_2", "art_1"]
