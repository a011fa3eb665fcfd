"""Words that were taken out leave the files of the index, not only what it answers."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consult.accounts.models import Person
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.platform import Platform
from drafts.models import Draft
from drafts.search.engines import ENGINES
from drafts.search.following import keep_index, renew_index
from drafts.search.interface import Query
from tests import factories
from tests.conftest import TestClock
from tests.moderated import Moderated, moderated

WORD = "zanbakov"


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Moderated:
    return moderated(platform, clock)


def stands_in(folder: Path) -> bool:
    return any(WORD.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("engine", ENGINES)
def test_in_the_night_after_they_were_taken_out_no_file_holds_them(
    scene: Moderated, tmp_path: Path, engine: str
) -> None:
    folder, now = tmp_path / "other", scene.now
    here = replace(scene.platform, search=ENGINES[engine](folder))
    with here.database.writing() as session:
        draft, reader = (
            session.get_one(Draft, scene.draft_id),
            factories.make_person(session, "Beksultan"),
        )
        said = factories.make_comment(session, draft, reader, WORD, now=now)
        said_id = said.id
    keep_index(here, now)
    found = Query(WORD, unit="comment")
    assert here.search.search(found).total == 1
    assert renew_index(here, now) == 0  # nothing was taken out

    with here.database.writing() as session:
        said = session.get_one(Comment, said_id)
        actor = factories.actor_of(session, session.get_one(Person, said.author_id))
        withdraw_comment(session, actor=actor, comment=said, now=now)
    keep_index(here, now)
    assert here.search.search(found).total == 0
    evening = datetime(now.year, now.month, now.day, 17, tzinfo=UTC)  # 23:00 in Bishkek
    night = datetime(now.year, now.month, now.day, 21, tzinfo=UTC)  # 03:00 on the day after
    assert [renew_index(here, at) for at in (evening, night, night)] == [0, 1, 0]
    assert not stands_in(folder)
