"""Reads of the answers that a draft holds now."""

from sqlmodel import Session

from consult.procedure.acts import ActType
from drafts.answering.rules import answers_of
from drafts.models import Draft
from drafts.queries import load_tree, versions


def answers_now(session: Session, draft: Draft, act: ActType, lang: str) -> dict[str, str]:
    """The newest answers in a language, by the codes of the questions; none where there is none."""
    having = [one for one in versions(session, draft.id or 0) if lang in one.langs]
    if not having:
        return {}
    return answers_of(act, load_tree(session, having[-1].id or 0, lang).walk())
