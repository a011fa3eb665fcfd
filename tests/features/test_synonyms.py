"""The synonyms of an installation: those of the beginning, changed by its administrators."""

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from drafts.search.synonyms.actions import add, change, remove
from drafts.search.synonyms.queries import beginning, synonyms, synonyms_of, thesaurus_of
from tests.conftest import START

ADMIN = Actor(roles=frozenset({Role.ADMINISTRATOR}))
WORDS = {"ky": "абышка, карыя", "ru": "аксакал"}


def also(session: Session, text: str) -> list[str]:
    found = thesaurus_of(session).also(text).values()
    return [word for group in found for _, word in group]


def test_a_new_group_serves_at_once_and_is_told_in_the_audit_log(session: Session) -> None:
    assert also(session, "карыя") == []
    code = add(session, actor=ADMIN, typed=WORDS, now=START)
    assert also(session, "карыя") == ["абышка", "аксакал"]
    assert synonyms(session)[0] == synonyms_of(session, code)
    entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry is not None
    assert (entry.action, entry.details) == ("synonyms_added", {"group": code})


def test_a_group_of_the_beginning_is_changed_taken_away_and_put_back(session: Session) -> None:
    assert "закон" in also(session, "мыйзам")
    change(session, actor=ADMIN, code="law", n=0, typed={"ky": "мыйзам, кодекс"}, now=START)
    assert also(session, "мыйзам") == ["кодекс"]
    remove(session, actor=ADMIN, code="law", n=1, now=START)
    assert also(session, "мыйзам") == []
    assert synonyms_of(session, "law").words == {}
    change(session, actor=ADMIN, code="law", n=2, typed={"ky": "мыйзам", "ru": "закон"}, now=START)
    assert also(session, "мыйзам") == ["закон"]
    assert len(synonyms(session)) == len(beginning())


def test_of_two_who_change_a_group_at_once_the_second_is_told(session: Session) -> None:
    change(session, actor=ADMIN, code="law", n=0, typed=WORDS, now=START)
    for n in (0, 2):
        with pytest.raises(Conflict):
            change(session, actor=ADMIN, code="law", n=n, typed={"ky": "бир, эки"}, now=START)
        with pytest.raises(Conflict):
            remove(session, actor=ADMIN, code="law", n=n, now=START)
    assert synonyms_of(session, "law").words == {"ky": ["абышка", "карыя"], "ru": ["аксакал"]}


def test_what_is_no_group_changes_nothing(session: Session) -> None:
    with pytest.raises(Invalid):
        add(session, actor=ADMIN, typed={"ky": "мыйзам"}, now=START)
    with pytest.raises(NotFound):
        change(session, actor=ADMIN, code="own-1", n=1, typed=WORDS, now=START)
    assert len(synonyms(session)) == len(beginning())


def test_only_administrators_change_synonyms(session: Session) -> None:
    officer = Actor(roles=frozenset({Role.OFFICER}))
    with pytest.raises(NotAllowed):
        add(session, actor=officer, typed=WORDS, now=START)
    with pytest.raises(NotAllowed):
        change(session, actor=officer, code="law", n=0, typed=WORDS, now=START)
    with pytest.raises(NotAllowed):
        remove(session, actor=officer, code="law", n=0, now=START)
