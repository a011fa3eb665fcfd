"""Plays those who measure the state: an openness score of two years, a programme's indicators."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from consult.access import Actor, Role
from consult.openness.indicators.actions import enter_value, load_indicators
from consult.openness.indicators.programmes import Programme
from consult.openness.indicators.reading import read_indicators
from consult.openness.scorecard.actions import load_years
from consult.openness.scorecard.reading import read_scorecard
from consult.openness.scorecard.scales import load_scale
from consult.procedure.packs import RulePack
from consult.site.kept_pages import keep_page
from consult.statistics.metrics import metrics

MEASURES = Path(__file__).with_name("measures")
OPERATOR = Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR}))
KEPT = ("overall", "scorecard")


def measure(session: Session, year: int, now: datetime) -> None:
    """The two years before `year` are scored, a programme is loaded, some values are entered."""
    scale = load_scale()
    scores = read_scorecard(_of_years("scores.csv", year), scale.criteria_of)
    load_years(session, actor=OPERATOR, scale=scale, years=scores.years, now=now)
    told: dict[str, Any] = tomllib.loads((MEASURES / "programme.toml").read_text("utf-8"))
    load_indicators(
        session,
        actor=OPERATOR,
        programme=Programme.model_validate(told["programme"]),
        indicators=read_indicators(_of_years("indicators.csv", year)).indicators,
        metrics=metrics(),
        now=now,
    )
    for value in told["value"]:
        enter_value(
            session,
            actor=OPERATOR,
            number=value["number"],
            year=year - value["ago"],
            text=value["amount"],
            source=value["source"],
            computed=(),
            now=now,
        )


def _of_years(name: str, year: int) -> bytes:
    """A file whose years are told from this one."""
    text = (MEASURES / name).read_text("utf-8")
    years = {"began": -4, "before": -2, "last": -1, "next": 1, "end": 3}
    return text.format(**{word: year + n for word, n in years.items()}).encode()


def keep_figures(session: Session, pack: RulePack, now: datetime) -> None:
    """Some pages of figures are kept for ever."""
    for kind in KEPT:
        keep_page(session, kind, {}, pack=pack, now=now)
