"""What every page of an officer's work on one consultation needs: the dossier and its text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy import Row
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id
from consult.procedure.stages import Stage, Verb, allows
from consult.web import language_of
from drafts.models import Draft, DraftVersion
from drafts.queries import place_names, provisions


@dataclass(frozen=True, slots=True)
class Bench:
    """A consultation, its draft, and the text as it was discussed; `places` names it by wid."""

    consultation: Consultation
    draft: Draft
    version: DraftVersion
    lang: str
    rows: Sequence[Row[Any]]
    places: Mapping[str, str]

    @property
    def id(self) -> int:
        return self.consultation.id or 0

    @property
    def url(self) -> str:
        return f"/desk/consultations/{self.id}"

    def takes_answers(self, actor: Actor) -> bool:
        """Whether this person may write answers here now."""
        stage = Stage(self.draft.stage)
        return (
            self.consultation.reported_at is None
            and allows(stage, Verb.ANSWER)
            and actor.may_for("answer", self.draft.agency_id)
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What is answered, or noted about: one comment or one group."""

    comment_id: int | None = None
    issue_id: int | None = None

    @property
    def path(self) -> str:
        """Where its page is, under the address of the work."""
        return f"groups/{self.issue_id}" if self.issue_id else f"comments/{self.comment_id}"

    @property
    def comment_ids(self) -> Sequence[int]:
        return [self.comment_id] if self.comment_id else []

    @property
    def issue_ids(self) -> Sequence[int]:
        return [self.issue_id] if self.issue_id else []


def open_bench(request: Request, session: Session, actor: Actor, consultation_id: int) -> Bench:
    """The work on a consultation of the actor's own agency; raises NotFound, NotAllowed."""
    consultation = consultation_by_id(session, consultation_id)
    draft = session.get_one(Draft, consultation.draft_id)
    check_agency(actor, "desk", draft.agency_id)
    version = session.get_one(DraftVersion, consultation.version_id)
    wish = language_of(request)
    lang = wish if wish in version.langs else version.langs[0]
    rows = provisions(session, version.id or 0, lang)
    return Bench(consultation, draft, version, lang, rows, place_names(rows))
