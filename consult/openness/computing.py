"""What this site itself counts of an indicator, year by year."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from consult.openness.indicators.models import Indicator
from consult.openness.indicators.queries import Computed
from consult.openness.numbers import rounded
from consult.procedure.packs import RulePack
from consult.statistics.counting import figures_by, years_with_drafts
from consult.statistics.derived import Facts, bodies
from consult.statistics.facts import participation
from consult.statistics.facts.ground import Ground, rows_of
from consult.statistics.scope import Scope

MOST_YEARS = 6  # the latest; each asks a query where agencies are counted
OF_BODIES = frozenset({"bodies", "bodies_consulting", "share_bodies_consulting"})


def computed_for(
    session: Session, listed: Collection[Indicator], *, pack: RulePack, now: datetime
) -> Computed:
    """The values of the figures that indicators are computed by: {metric: {year: value}}.

    A share comes in per cent. A year in which there was nothing to count has no value.
    """
    wanted = {one.metric for one in listed if one.metric}
    found: dict[str, dict[int, Decimal]] = {metric: {} for metric in wanted}
    if not wanted:
        return found
    for year in years_with_drafts(session, pack.tz)[-MOST_YEARS:] if wanted & OF_BODIES else ():
        ground = Ground(Scope.of_year(year), pack, now)
        counted = bodies(Facts(rows_of(session, ground, [participation.bodies]), {}))
        for metric in wanted & OF_BODIES:
            _take(found[metric], year, counted[metric].value, is_share=metric.startswith("share_"))
    if others := wanted - OF_BODIES:
        for year, measured in figures_by(session, Scope(), "year", pack=pack, now=now).items():
            for figure in measured:
                if figure.code in others:
                    is_share = figure.unit == "share"
                    _take(found[figure.code], year, figure.value, is_share=is_share)
    return found


def _take(years: dict[int, Decimal], year: int, value: float | None, *, is_share: bool) -> None:
    if value is not None:
        amount = Decimal(str(value))
        years[year] = rounded(amount * 100 if is_share else amount)
