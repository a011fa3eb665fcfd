"""[pure] A roll-call as a file → one ballot a deputy, or everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from consult.chambers.deputies.rules import Seat, by_name, folded, in_office, nearest
from consult.chambers.tables import Read, each, rows_in
from consult.chambers.voting.rules import Ballot, choice_in
from consult.errors import N_, Invalid
from consult.tables import Row

NAMES = {
    **dict.fromkeys(("deputy", "name", "депутат", "фио", "аты-жөнү", "аты-жөні"), "deputy"),
    **dict.fromkeys(("vote", "голос", "добуш", "дауыс"), "vote"),
    **dict.fromkeys(("time", "voted_at", "время", "убакыт", "убакты", "уақыт", "уақыты"), "time"),
}
NEEDED = ("deputy", "vote", "time")
TIMES = ("%H:%M", "%H:%M:%S")
MOMENTS = tuple(f"{day} {at}" for day in ("%d.%m.%Y", "%Y-%m-%d") for at in TIMES)

UNKNOWN = N_("Line {line}: no deputy is called “{name}”.")
MEANT = N_("Line {line}: no deputy is called “{name}”. Perhaps “{nearest}” is meant.")
NOT_IN_OFFICE = N_("Line {line}: {name} was not in office on {day}.")
TWICE = N_("Line {line}: {name} has voted already, on line {first}.")
NO_VOTE = N_("Line {line}: “{word}” is no vote. Write for, against, abstained or absent.")
NO_TIME = N_("Line {line}: “{value}” is no time. Write it as 14:05.")
OTHER_DAY = N_("Line {line}: the time is not on the day of the reading, {day}.")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a roll-call is read against: the deputies of the body, the day, the zone of the law."""

    seats: Sequence[Seat]
    day: date
    tz: tzinfo


def read_roll_call(text: str, setting: Setting) -> Read:
    """The ballots in a text, as Ballot. Raises Invalid, TooLarge where there is no list at all."""
    read = rows_in(text, NAMES, NEEDED)
    if read.problems:
        return read
    known = by_name(setting.seats)
    found, problems = each(read.rows, lambda row: (row.line, _ballot(row, known, setting)))
    seen: dict[int, int] = {}
    names = {seat.id: seat.name for seat in setting.seats}
    for line, ballot in found:
        first = seen.setdefault(ballot.deputy_id, line)
        if first != line:
            name = names[ballot.deputy_id]
            problems.append(Invalid(TWICE, line=line, name=name, first=first))
    problems.sort(key=lambda problem: int(str(problem.params.get("line", 0))))
    return Read(tuple(ballot for _, ballot in found), tuple(problems))


def _ballot(row: Row, known: Mapping[str, list[Seat]], setting: Setting) -> Ballot:
    seat = _seat(row, known, setting)
    word = row.cells.get("vote", "")
    choice = choice_in(word)
    if choice is None:
        raise Invalid(NO_VOTE, line=row.line, word=word[:40])
    said = row.cells.get("time", "")
    if not said and choice == "absent":
        return Ballot(seat.id, choice, seat.faction)
    return Ballot(seat.id, choice, seat.faction, _moment(row.line, said, setting))


def _seat(row: Row, known: Mapping[str, list[Seat]], setting: Setting) -> Seat:
    name = row.cells.get("deputy", "")
    seats = known.get(folded(name), [])
    if not seats:
        near = nearest(name, [seat.name for seat in setting.seats])
        if near:
            raise Invalid(MEANT, line=row.line, name=name[:80], nearest=near)
        raise Invalid(UNKNOWN, line=row.line, name=name[:80])
    sitting = [seat for seat in seats if in_office(seat, setting.day)]
    if not sitting:
        raise Invalid(NOT_IN_OFFICE, line=row.line, name=seats[0].name, day=setting.day)
    return sitting[0]


def _moment(line: int, said: str, setting: Setting) -> datetime:
    """An instant in UTC: a time of the day alone, or with its day, or with a zone as well."""
    at = _clock(said, setting) or _dated(said, setting)
    if at is None:
        raise Invalid(NO_TIME, line=line, value=said[:40])
    try:
        day, instant = at.astimezone(setting.tz).date(), at.astimezone(UTC)
    except OverflowError:  # at the ends of all time
        raise Invalid(NO_TIME, line=line, value=said[:40]) from None
    if day != setting.day:
        raise Invalid(OTHER_DAY, line=line, day=setting.day)
    return instant


def _clock(said: str, setting: Setting) -> datetime | None:
    for form in TIMES:
        try:
            at: time = datetime.strptime(said, form).time()  # noqa: DTZ007 - of the given day
        except ValueError:
            continue
        return datetime.combine(setting.day, at, setting.tz)
    return None


def _dated(said: str, setting: Setting) -> datetime | None:
    for form in MOMENTS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=setting.tz)
        except ValueError:
            continue
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=setting.tz)
