"""The access matrix: at every stage everybody tries every verb.

They succeed exactly when the tables of the product say so: FEATURES what may be done, RIGHTS who
may. How it is done and by whom besides stands in matrix_table.py.

On SQLite alone: who may do what is asked of Python, and both databases give it the same rows.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from consult.access import VISITOR, Role
from consult.app import build_platform
from consult.config import Settings
from consult.errors import Conflict, NotAllowed, NotFound
from consult.law.queries import law_of
from consult.procedure.stages import Stage, Verb
from tests.conftest import TestClock
from tests.contracts.test_routes import allows, routes
from tests.features.matrix import PLAYERS, Moment, Player, Scene, Tie, at_stage, make_scene, writes
from tests.features.matrix_table import ANYBODY, TABLE, Line, Reach

DONE, REFUSED = "done", "refused"


@pytest.fixture(scope="module")
def scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One for all stages: every attempt is rolled back."""
    folder, clock = tmp_path_factory.mktemp("matrix"), TestClock()
    shutil.copyfile(sqlite_template, folder / "kenesh.db")
    url = f"sqlite:///{folder / 'kenesh.db'}"
    settings = Settings(data_dir=folder, database_url=url, embedded_worker=False, default_lang="en")
    platform = build_platform(settings, clock)
    yield make_scene(platform, clock)
    platform.database.engine.dispose()


def outcome(moment: Moment, line: Line, tie: Tie) -> str:
    """What comes of an attempt: DONE, REFUSED, or what must never be."""
    session = moment.session
    if line.given:
        line.given(moment)
    if tie is not Tie.STRANGER:
        moment.tie(tie, line.to)
    session.flush()
    with writes(moment.scene.platform.database.engine) as written:
        try:
            line.act(moment)
            session.flush()
        except (NotAllowed, NotFound, Conflict):
            half = bool(written or session.new or session.dirty or session.deleted)
            return "refused with half of it done" if half and not line.claims else REFUSED
        except Exception as error:  # whatever else it is, it is a mistake
            return f"{type(error).__name__}: {error}"
    return DONE if written or line.silent else "passed over in silence"


def attempt(scene: Scene, session: Session, player: Player, line: Line, tie: Tie) -> str:
    """The same, after which everything is as it was."""
    with session.begin_nested() as savepoint:
        law = law_of(session, scene.platform.pack)
        moment = Moment(scene, session, law, scene.actors[player], scene.now)
        found = outcome(moment, line, tie)
        session.expunge_all()
        savepoint.rollback()
    return found


def cells() -> Iterator[tuple[Verb, Line, Player, Tie]]:
    """Everything that is tried at a stage: nobody is the author of anything without an account."""
    for verb, lines in TABLE.items():
        for line in lines:
            for player in PLAYERS[:1] if line.reach is Reach.CLOCK else PLAYERS:
                for tie in (*line.ties.may, *line.ties.may_not):
                    if tie is Tie.STRANGER or player.role is not Role.VISITOR:
                        yield verb, line, player, tie


@pytest.mark.parametrize("stage", Stage)
def test_everybody_can_do_exactly_what_the_tables_say(scene: Scene, stage: Stage) -> None:
    wrong = []
    with at_stage(scene, stage) as session:
        for verb, line, player, tie in cells():
            expected = DONE if line.allowed(verb, stage, player, tie) else REFUSED
            found = attempt(scene, session, player, line, tie)
            if found != expected:
                who = f"{player} ({tie})" if line.ties != ANYBODY else str(player)
                what = f"{verb} ({line.act.__name__})"
                wrong.append(f"{stage} × {who} × {what}: expected {expected}, was {found}")
    assert not wrong, "\n".join(("", *wrong))


def test_every_verb_has_its_line_and_every_role_comes_before_it(scene: Scene) -> None:
    assert set(TABLE) == set(Verb)
    assert all(TABLE.values())
    assert {player.role for player in PLAYERS} == set(Role)
    assert scene.actors[PLAYERS[0]] == VISITOR
    for player, actor in scene.actors.items():
        assert player.role in actor.roles


def test_the_door_of_an_action_asks_for_the_right_the_action_needs() -> None:
    doors = {
        f"{min(route.methods)} {route.path}": allow.right
        for route in routes()
        for allow in allows(route)
    }
    lines = [line for lines in TABLE.values() for line in lines if line.reach is not Reach.CLOCK]
    assert {line.door: line.right for line in lines} == {
        line.door: doors.get(line.door) for line in lines
    }
