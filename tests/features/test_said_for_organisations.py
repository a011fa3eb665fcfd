"""What is said in the name of an organisation: its signatures, its papers, how it is counted."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.organisations.actions import act_for
from consult.comments.models import Comment
from consult.cosigning.actions import sign_comment
from consult.cosigning.models import Signature
from consult.errors import NotAllowed
from consult.papers.actions import send_paper
from consult.papers.rules import Part
from consult.procedure.packs import load_pack
from consult.site.spoken import spoken
from consult.statistics.queries import draft_figures
from consult.votes.actions import vote_on_comment
from drafts.models import Draft
from tests import factories
from tests.conftest import START
from tests.features.test_organisations import UNION, actor, join, say


@pytest.fixture
def draft(session: Session) -> Draft:
    return factories.open_draft(session)


@pytest.fixture
def manager(session: Session) -> Person:
    return factories.make_person(session, "Bolot", organisation=UNION)


def test_an_organisation_signs_once_and_not_what_it_said_itself(
    session: Session, draft: Draft, manager: Person
) -> None:
    gulbara = join(session, manager, "Gulbara")
    act_for(session, actor=actor(session, gulbara), organisation_id=manager.acts_for_id)
    said = factories.make_comment(session, draft, factories.make_person(session, "Asan"))
    own = say(session, draft, manager, "Warm libraries.")
    sign_comment(session, actor=actor(session, manager), comment=said, now=START, mandate="412")
    for comment in (said, own):
        with pytest.raises(NotAllowed):
            sign_comment(session, actor=actor(session, gulbara), comment=comment, now=START)
    act_for(session, actor=actor(session, gulbara), organisation_id=None)
    sign_comment(session, actor=actor(session, gulbara), comment=said, now=START)
    signed = session.exec(select(Signature).order_by(col(Signature.person_id))).all()
    assert [(one.organisation_id, one.mandate) for one in signed] == [
        (manager.acts_for_id, "412"),
        (None, ""),
    ]
    # Signing again in another name replaces the first: a person signs once.
    act_for(session, actor=actor(session, manager), organisation_id=None)
    sign_comment(session, actor=actor(session, manager), comment=said, now=START)
    again = session.get_one(Signature, (said.id, manager.id), populate_existing=True)
    assert (again.organisation_id, again.mandate, said.signed_n) == (None, "", 2)


def test_a_paper_and_its_parts_are_the_organisations(
    session: Session, draft: Draft, manager: Person
) -> None:
    paper = send_paper(
        session,
        actor=actor(session, manager),
        draft=draft,
        title="Our view",
        parts=[Part("", "On all."), Part("art_1", "On one.")],
        mandate="412 members",
        lang="en",
        most=999,
        now=START,
    )
    parts = session.exec(select(Comment).where(Comment.paper_id == paper.id)).all()
    assert {paper.organisation_id, *(part.organisation_id for part in parts)} == {
        manager.acts_for_id
    }
    assert len(parts) == 2


def test_an_organisation_counts_once_and_its_speakers_for_what_they_did_themselves(
    session: Session, draft: Draft, manager: Person
) -> None:
    gulbara = join(session, manager, "Gulbara")
    act_for(session, actor=actor(session, gulbara), organisation_id=manager.acts_for_id)
    first = say(session, draft, manager, "Warm libraries.")
    say(session, draft, gulbara, "Light libraries.")

    def people() -> Any:
        tz, now = load_pack("kg").tz, START + timedelta(days=5)
        return draft_figures(session, draft.id or 0, tz=tz, now=now).figures["people"]

    assert people().by["kind"] == {"person": 0, "organisation": 1}
    vote_on_comment(
        session, actor=actor(session, gulbara), draft=draft, comment=first, value=1, now=START
    )
    assert people().by["kind"] == {"person": 1, "organisation": 1}  # a vote is a person's
    assert people().by["way"] == {"commented": 1, "only_voted": 1}
    act_for(session, actor=actor(session, gulbara), organisation_id=None)
    say(session, draft, gulbara, "I shall come.")
    gulbara.verified_at = START
    session.add(gulbara)
    session.flush()
    assert people().by["kind"] == {"person": 1, "organisation": 1}
    assert people().by["way"] == {"commented": 2, "only_voted": 0}
    assert people().by["identity"] == {"identified": 1, "unidentified": 0, "organisation": 1}


def test_its_page_holds_what_is_shown_and_no_more(
    session: Session, draft: Draft, manager: Person
) -> None:
    union = manager.acts_for_id or 0
    comments = [say(session, draft, manager, f"Words {n}.") for n in range(4)]
    comments[0].withdrawn_at, comments[1].hidden_at = START, START
    asan = factories.make_comment(session, draft, factories.make_person(session, "Asan"))
    sign_comment(session, actor=actor(session, manager), comment=asan, now=START, mandate="412")
    act_for(session, actor=actor(session, manager), organisation_id=None)
    say(session, draft, manager, "For myself.")
    session.flush()
    page = spoken(session, union, None, 1)
    assert [one.comment.id for one in page.comments] == [comments[3].id]
    assert [(one.comment.id, one.mandate) for one in page.signed] == [(asan.id, "412")]
    older = spoken(session, union, page.older, 1)
    assert [one.comment.id for one in older.comments] == [comments[2].id]
    assert (older.older, older.signed) == (0, [])
