"""The desk every test of answers sits at: a closed consultation, an officer, an approver."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.answers.actions import approve, decide, group_comments
from consult.answers.models import Disposition, Issue
from consult.answers.worklist import WorkFilter, list_work
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.law.queries import law_of
from consult.procedure.packs import load_pack
from consult.reports.actions import publish_report
from drafts.models import Draft
from tests.conftest import START
from tests.factories import (
    ARTICLES,
    Texts,
    actor_of,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
)

LATER = START + timedelta(days=60)


@dataclass
class Desk:
    """A closed consultation with three comments, and the people who answer them."""

    session: Session
    agency: Agency
    citizen: Person
    officer: Actor
    approver: Actor
    draft: Draft
    consultation: Consultation
    comments: list[Comment]

    def decide(self, comment: Comment | None = None, **more: object) -> Disposition:
        """An answer handed over for approval, if not told otherwise."""
        values: dict[str, object] = {
            "actor": self.officer,
            "comment_id": comment.id if comment else None,
            "outcome": "rejected",
            "reason": "There is no money for it.",
            "lang": "en",
            "submit": True,
            "now": LATER,
        }
        return decide(
            self.session, consultation=self.consultation, draft=self.draft, **(values | more)
        )

    def group(self, *comments: Comment, **more: object) -> Issue:
        """A group of comments, made by the officer."""
        values: dict[str, object] = {"actor": self.officer, "title": "Opening hours", "now": LATER}
        return group_comments(
            self.session,
            consultation=self.consultation,
            draft=self.draft,
            comment_ids=[comment.id or 0 for comment in comments],
            **(values | more),
        )

    def approve(self, row: Disposition, actor: Actor | None = None) -> None:
        """Approval, by the approver if nobody else is named."""
        approve(
            self.session,
            actor=actor or self.approver,
            draft=self.draft,
            disposition=row,
            now=LATER,
        )

    def publish(self) -> None:
        """The report."""
        publish_report(
            self.session,
            actor=self.officer,
            consultation=self.consultation,
            draft=self.draft,
            law=law_of(self.session, load_pack("kg")),
            now=LATER,
        )

    def statuses(self) -> dict[int, str]:
        """What the officer's list says of each comment."""
        rows = list_work(self.session, self.consultation.id or 0, "en", WorkFilter())
        return {row.comment.id or 0: row.status for row in rows}


def make_desk(session: Session, texts: Texts = ARTICLES) -> Desk:
    """The same for every test of answers, but for the text."""
    lang = next(iter(texts)) if isinstance(texts, Mapping) else "en"
    agency = make_agency(session)
    citizen = make_person(session, "Aizada")
    officer = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    approver = make_person(session, "Nurlan", role=Role.APPROVER, agency=agency)
    draft = make_draft(session, agency, texts)
    consultation = open_consultation(session, draft)
    comments = [
        make_comment(session, draft, citizen, "Seven days a week, please.", wid="art_2", lang=lang),
        make_comment(
            session, draft, citizen, "Seven days would be better.", wid="art_2", lang=lang
        ),
        make_comment(session, draft, citizen, "Who pays for all of this?", lang=lang),
    ]
    draft = close_consultation(session, consultation)
    return Desk(
        session,
        agency,
        citizen,
        actor_of(session, officer),
        actor_of(session, approver),
        draft,
        consultation,
        comments,
    )
