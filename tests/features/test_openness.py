"""Loading scores and indicators, entering values: whole or not at all, and noted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.openness.computing import computed_for
from consult.openness.indicators.actions import enter_value
from consult.openness.indicators.models import Indicator, IndicatorValue
from consult.openness.indicators.programmes import load_programme
from consult.openness.indicators.queries import indicators, standings
from consult.openness.numbers import plain
from consult.openness.scorecard.actions import load_years
from consult.openness.scorecard.models import ScoreRow
from consult.openness.scorecard.queries import all_scores, year_score, years_scored
from consult.openness.scorecard.scales import load_scale
from consult.platform import Platform
from consult.statistics.metrics import metrics
from tests import factories
from tests.conftest import START
from tests.openness import INDICATORS, OPERATOR, SCORES, load_programme_of, load_scores

LATER = START + timedelta(days=1)


@pytest.fixture
def session(platform: Platform) -> Session:  # type: ignore[misc]
    with platform.database.writing() as session:
        yield session


def noted(session: Session, action: str) -> list[dict[str, object]]:
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [entry.details for entry in session.exec(query).all()]


def test_a_file_becomes_years_with_ranks_and_the_row_that_differs(session: Session) -> None:
    load_scores(session, START)
    score = year_score(session, 2020)
    assert [row.line.body for row in score.rows] == ["MOJ", "Ministry of Snow", "Ministry of Wind"]
    assert [row.line.body for row in score.differing] == ["Ministry of Wind"]
    assert [plain(mean) for mean in (score.mean_total, score.mean_printed)] == [81.5, 80.84]
    assert [row.is_tied for row in year_score(session, 2019).rows] == [False, True, True]
    assert (years_scored(session), score.maximum) == ([2020, 2019], 100)
    assert [(now.year, was and was.year) for now, was in all_scores(session)] == [
        (2019, None),
        (2020, 2019),
    ]


def test_loading_again_replaces_the_year_and_stands_in_the_audit_log(session: Session) -> None:
    assert load_scores(session, START) == []
    without = "\n".join(line for line in SCORES.splitlines() if "Snow" not in line)
    assert load_scores(session, LATER, without) == [2019, 2020]
    assert [row.line.body for row in year_score(session, 2019).rows] == ["MOJ", "Ministry of Wind"]
    entries = noted(session, "scorecard_loaded")
    assert [(one["year"], one["bodies"], one["replaced"]) for one in entries] == [
        (2019, 3, False),
        (2020, 3, False),
        (2019, 2, True),
        (2020, 2, True),
    ]


def test_a_later_change_of_the_scale_changes_no_year_that_was_loaded(session: Session) -> None:
    load_scores(session, START)
    assert [criterion.maximum for criterion in year_score(session, 2019).criteria] == [25] * 4
    assert [criterion.maximum for criterion in year_score(session, 2020).criteria] == [20] * 5


def test_only_who_administers_loads_and_enters(session: Session) -> None:
    officer = Actor(id=1, roles=frozenset({Role.OFFICER}))
    with pytest.raises(NotAllowed):
        load_years(session, actor=officer, scale=load_scale(), years=[], now=START)
    with pytest.raises(NotAllowed):
        enter(session, "7", 2024, "5", actor=officer)
    assert not session.exec(select(ScoreRow)).all()


def test_a_scale_and_a_programme_are_files_and_bad_ones_are_refused(tmp_path: object) -> None:
    for load in (load_scale, load_programme):
        with pytest.raises(NotFound):
            load("nowhere")
        path = tmp_path / f"{load.__name__}.toml"  # type: ignore[operator]
        path.write_text("code = ", "utf-8")
        with pytest.raises(Invalid):
            load(str(path))
        load.cache_clear()
        path.write_text('code = "x"\nnames = {}', "utf-8")
        with pytest.raises(Invalid):
            load(str(path))


def test_what_the_shipped_programme_computes_by_is_a_figure_there_is() -> None:
    named = {one.metric for one in load_programme().indicators if one.metric}
    assert named == {"share_bodies_consulting"}
    assert named <= set(metrics())


def enter(session: Session, number: str, year: int, text: str, **more: object) -> None:
    given = {"actor": OPERATOR, "source": "Report 1", "computed": (), "now": START} | more
    enter_value(session, number=number, year=year, text=text, **given)  # type: ignore[arg-type]


def of(session: Session, number: str, this_year: int = 2026, **computed: object) -> list[str]:
    """How the targets of an indicator stand."""
    found = standings(session, indicators(session), computed, this_year)  # type: ignore[arg-type]
    one = next(one for one in found if one.indicator.number == number)
    return [judged.standing.value for judged in one.judged]


def test_indicators_get_their_words_in_four_languages_and_their_metric(session: Session) -> None:
    load_programme_of(session, START)
    first, second, third = indicators(session)
    assert first.names == {"en": "libraries with a computer"}
    assert set(second.names) == {"ky", "ru", "kk", "en"}
    assert (second.metric, third.direction) == ("share_bodies_consulting", "lower")
    assert [bound["year"] for bound in third.bounds] == [2018, 2022, 2028]


def test_a_value_is_entered_replaced_and_taken_back_each_noted(session: Session) -> None:
    load_programme_of(session, START)
    assert of(session, "7") == ["no_data", "no_data"]
    enter(session, "7", 2025, "55")
    assert of(session, "7") == ["met", "on_the_way"]
    enter(session, "7", 2025, "40")
    assert of(session, "7") == ["not_met", "not_met"]
    enter(session, "7", 2025, "", source="")
    assert of(session, "7") == ["no_data", "no_data"]
    amounts = [(one["before"], one["amount"]) for one in noted(session, "indicator_entered")]
    assert amounts == [(None, "55"), ("55", "40"), ("40", None)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "many"}, "amount"),
        ({"text": "1.5"}, "amount"),
        ({"text": "-1"}, "amount"),
        ({"year": 20255}, "year"),
        ({"year": 2023, "computed": {2023: Decimal(5)}}, "year"),
        ({"source": ""}, "source"),
        ({"source": "x" * 301}, "source"),
        ({"text": ""}, "year"),
    ],
)
def test_what_cannot_be_a_value_is_refused_at_its_field(
    session: Session, given: dict[str, object], field: str
) -> None:
    load_programme_of(session, START)
    with pytest.raises(Invalid) as refusal:
        enter(session, "7", **({"year": 2024, "text": "5"} | given))  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not session.exec(select(IndicatorValue)).all()


def test_an_indicator_that_does_not_exist_takes_no_value(session: Session) -> None:
    with pytest.raises(NotFound):
        enter(session, "7", 2024, "5")


def test_loading_again_keeps_the_values_and_loses_none(session: Session) -> None:
    load_programme_of(session, START)
    enter(session, "7", 2025, "55")
    load_programme_of(session, LATER, INDICATORS.replace(">=50,>=100", ">=60,>=100"))
    assert of(session, "7") == ["not_met", "on_the_way"]
    with pytest.raises(Conflict, match="7"):
        load_programme_of(session, LATER, INDICATORS.replace("\n7,", "\n8,"))
    assert len(noted(session, "indicators_loaded")) == 2
    assert [one.number for one in session.exec(select(Indicator)).all()] == ["7", "15", "R"]


def test_a_value_falls_where_its_number_is_of_another_indicator_now(session: Session) -> None:
    load_programme_of(session, START)
    for number, amount in (("7", "55"), ("R", "30")):
        enter(session, number, 2025, amount)
    other_words = INDICATORS.replace("an index of books", "an index of  BOOKS").replace(
        "libraries with", "schools with"
    )
    load_programme_of(session, LATER, other_words)
    kept = session.exec(select(IndicatorValue)).all()
    assert [(one.number, one.amount) for one in kept] == [("R", "30")]
    load_programme_of(session, LATER, other_words.replace("rank (lower", "points (lower"))
    assert session.exec(select(IndicatorValue)).all() == []
    said = [one["dropped"] for one in noted(session, "indicators_loaded")]
    assert said == [[], [["7", 2025, "55"]], [["R", 2025, "30"]]]


def test_a_programme_that_names_a_figure_there_is_not_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="share_bodies_consulting"):
        load_programme_of(session, START, known=())
    assert not noted(session, "indicators_loaded")


def test_the_share_of_bodies_that_consult_is_counted_from_what_happened_here(
    platform: Platform, session: Session
) -> None:
    load_programme_of(session, START)
    bodies = [factories.make_agency(session, code) for code in ("MOJ", "MOH", "MOC", "MOE")]
    factories.open_draft(session, agency=bodies[0])
    factories.make_draft(session, bodies[1])  # nothing of it is public
    listed = indicators(session)
    found = computed_for(session, listed, pack=platform.pack, now=START)
    assert found == {"share_bodies_consulting": {START.year: Decimal("25.00")}}
    assert of(session, "15", START.year, **found) == ["no_data", "on_the_way"]
