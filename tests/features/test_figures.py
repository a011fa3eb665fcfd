"""Figures of a scope: what SQL counts is what a slow count in Python finds, on both databases."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, event
from sqlmodel import Session, select

from consult.accounts.queries import agencies
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.statistics import keeping
from consult.statistics.comparing import trend
from consult.statistics.counting import Counted, adding_up, count, figures, figures_by
from consult.statistics.keeping import BOTH, counted_by_both, keep_figures
from consult.statistics.metrics import metrics
from consult.statistics.parts import ORGANISATION
from consult.statistics.rules import Cell, in_steps, unequal, without_small_cells
from consult.statistics.scope import Scope
from consult.votes.models import Vote
from drafts.models import Draft
from tests.counted import ACTS, NOW, TOPICS, Chance
from tests.counted_slowly import Slow, year_of

PACK = load_pack("kg")
OF_DRAFTS = {"voices_for", "voices_against"}
OF_ALL = {"bodies", "bodies_consulting", "share_bodies_consulting"}


def values(counted: Counted) -> dict[str, float | None]:
    return {code: found.value for code, found in counted.figures.items() if code not in OF_ALL}


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_what_a_slow_count_finds(session: Session, seed: int) -> None:
    Chance(session, Random(seed)).fill()
    whole = count(session, Scope(), (), pack=PACK, now=NOW)
    assert values(whole) == Slow(session, lambda _: True).figures()
    assert not any(unequal(found) for found in whole.figures.values())
    for year in (2023, 2024, 2025, 2026):
        scope = Scope.of_year(year, topic=TOPICS[0], act_type=ACTS[0])
        slow = Slow(
            session,
            lambda d, y=year: (year_of(d), d.topic, d.act_type) == (y, TOPICS[0], ACTS[0]),
        )
        assert values(count(session, scope, (), pack=PACK, now=NOW)) == slow.figures()


@pytest.mark.parametrize("seed", range(2))
def test_regions_and_agencies_are_what_a_slow_count_finds(session: Session, seed: int) -> None:
    Chance(session, Random(seed)).fill()
    for year in (2024, 2025, 2026):
        slow = Slow(session, lambda d, y=year: year_of(d) == y)
        found = count(session, Scope.of_year(year), (), pack=PACK, now=NOW).figures
        assert (found["bodies"].value, found["bodies_consulting"].value) == slow.bodies(year)
        cells = {region: Cell(n, n) for region, n in slow.by_region().items()}
        told = dict(found["people"].by["region"])
        told.pop(ORGANISATION, None)
        assert told == in_steps(without_small_cells(cells))


def test_what_people_said_of_themselves_is_not_told_of_a_narrow_choice(session: Session) -> None:
    Chance(session, Random(1)).fill()
    agency = session.exec(select(Draft.agency_id)).first()
    for scope, told in (
        (Scope(agency_id=agency), True),
        (Scope.of_year(2025), True),
        (Scope.of_year(2025, agency_id=agency), False),
        (Scope(topic="health", act_type="law"), False),
    ):
        people = count(session, scope, (), pack=PACK, now=NOW).figures["people"]
        assert ("region" in people.by) == told


@pytest.mark.parametrize("seed", range(3, 5))
def test_figures_divided_are_those_of_each_part(session: Session, seed: int) -> None:
    Chance(session, Random(seed)).fill()
    drafts = [d for d in session.exec(select(Draft)) if d.stage != "draft" and d.published_at]
    by = count(session, Scope(), ("agency", "year"), pack=PACK, now=NOW).by_key
    assert set(by) == {(draft.agency_id, year_of(draft)) for draft in drafts}
    for (agency, year), found in by.items():
        slow = Slow(session, lambda d, a=agency, y=year: (d.agency_id, year_of(d)) == (a, y))
        assert {code: figure.value for code, figure in found.items()} == slow.figures()
    topics = figures_by(session, Scope(), "topic", pack=PACK, now=NOW)
    for topic, told in topics.items():
        alone = {f.code: f.value for f in figures(session, Scope(topic=topic), pack=PACK, now=NOW)}
        assert {figure.code: figure.value for figure in told} == alone


def test_figures_kept_at_night_are_those_counted_until_they_are_too_old(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with platform.database.writing() as session:
        Chance(session, Random(1)).fill()
    assert keep_figures(platform, NOW) == 0  # a page counts as many at once
    monkeypatch.setattr(keeping, "MANY", 1)
    kept = keep_figures(platform, NOW)
    assert keep_figures(platform, NOW + timedelta(hours=5)) == 0  # once a night
    scope = Scope.of_year(2025)
    later = NOW + timedelta(hours=30)
    with platform.database.writing() as session:
        codes = {id_: body.code for id_, body in agencies(session).items()}
        at_once = count(session, scope, ("agency",), pack=PACK, now=NOW)
        both = adding_up(session, Scope(), BOTH, years=range(2023, 2027), pack=PACK, now=NOW)
        told = trend(session, Scope(), codes, pack=PACK, now=later)
        session.execute(delete(Vote))
        assert keeping.counted(session, scope, ("agency",), pack=PACK, now=later) == at_once
        again = {"years": range(2023, 2027), "pack": PACK, "now": later}
        assert counted_by_both(session, Scope(), **again) == both
        assert trend(session, Scope(), codes, pack=PACK, now=later) == told
        week = NOW + timedelta(days=7)
        fresh = keeping.counted(session, scope, ("agency",), pack=PACK, now=week)
        assert (fresh.as_of, fresh.figures["votes"].value) == (week, 0)
        narrower = keeping.counted(session, Scope(topic="health"), (), pack=PACK, now=later)
        assert narrower.as_of == later
    assert keep_figures(platform, later) == kept


def test_every_metric_of_many_drafts_is_counted(session: Session) -> None:
    told = figures(session, Scope(), pack=PACK, now=NOW)
    assert [figure.code for figure in told] == [c for c in metrics() if c not in OF_DRAFTS]
    for figure in told:  # of nothing: no share, no median, but a count of 0
        assert figure.value == (0 if figure.unit == "count" else None)


def test_the_number_of_queries_does_not_grow(session: Session) -> None:
    Chance(session, Random(3)).fill()
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: asked.append(a[2]))
    count(session, Scope(), ("agency", "year"), pack=PACK, now=NOW)
    assert len(asked) <= 6
