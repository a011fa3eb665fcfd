"""A small openness score and a small programme, invented, for the tests of their pages."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from consult.access import Actor, Role
from consult.openness.indicators.actions import load_indicators
from consult.openness.indicators.programmes import load_programme
from consult.openness.indicators.reading import read_indicators
from consult.openness.scorecard.actions import load_years
from consult.openness.scorecard.reading import read_scorecard
from consult.openness.scorecard.scales import load_scale
from consult.statistics.metrics import metrics

OPERATOR = Actor(roles=frozenset({Role.ADMINISTRATOR}))
SCORES = """rank,body,open_data_2019,open_data_2020,open_budgets_2019,open_budgets_2020,\
open_npa_2019,open_npa_2020,open_dialogue_2019,open_dialogue_2020,web_resource_2020,\
total_2019_printed,total_2020_printed
1,MOJ,20.5,19.5,22,20,21,20,20,16.3,20,83.5,95.8
2,Ministry of Snow,17.5,19.25,23.25,20,24,19.8,12,17,17,76.75,93.05
3,Ministry of Wind,16.1,14.96,16.45,8.6,19.2,13,25,2.1,17,76.75,53.66
"""
INDICATORS = """no,indicator,unit,baseline_2020,target_2025,target_2030
7,libraries with a computer,count,<=50,>=50,>=100
15,share of state bodies that consult citizens on the Internet,percent,<10,50,100
R,rank in an index of books (years 2018 / 2022 / 2028),rank (lower is better),40,30,20
"""


def load_scores(session: Session, now: datetime, text: str = SCORES) -> list[int]:
    """Two years of three bodies; the third of 2020 was printed as two points less than it has."""
    scale = load_scale()
    reading = read_scorecard(text.encode(), scale.criteria_of)
    assert not reading.problems, [str(problem) for problem in reading.problems]
    return load_years(session, actor=OPERATOR, scale=scale, years=reading.years, now=now)


def load_programme_of(
    session: Session,
    now: datetime,
    text: str = INDICATORS,
    known: Collection[str] = tuple(metrics()),
) -> None:
    """Three indicators, of which the site computes the second."""
    reading = read_indicators(text.encode())
    assert not reading.problems, [str(problem) for problem in reading.problems]
    load_indicators(
        session,
        actor=OPERATOR,
        programme=load_programme(),
        indicators=reading.indicators,
        metrics=known,
        now=now,
    )
