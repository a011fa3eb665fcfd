"""[pure] A list of deputies as a file → deputies, or everything that is wrong with it."""

from consult.chambers.deputies.rules import Sat, folded
from consult.chambers.rules import NAME_MAX
from consult.chambers.tables import Read, day_in, each, rows_in, text_of
from consult.errors import N_, Invalid
from consult.tables import Row

NAMES = {
    **dict.fromkeys(("name", "deputy", "депутат", "фио", "аты-жөнү", "аты-жөні"), "name"),
    **dict.fromkeys(("faction", "фракция"), "faction"),
    **dict.fromkeys(("constituency", "округ", "шайлоо округу", "сайлау округі"), "constituency"),
    **dict.fromkeys(("since", "с", "баштап", "бастап"), "since"),
    **dict.fromkeys(("until", "по", "чейин", "дейін"), "until"),
}
NEEDED = ("name", "since")
NO_SINCE = N_("Line {line}: the first day in office is missing.")
NO_NAME = N_("Line {line}: the name is missing.")
LONG = N_("Line {line}: this is too long: at most {most} characters in a cell.")
BACKWARDS = N_("Line {line}: the last day is before the first.")
TWICE = N_("Line {line}: {name} is there already, on line {first}.")


def read_deputies(data: bytes) -> Read:
    """The deputies in a file, as Sat. Raises Invalid, TooLarge where there is no table."""
    read = rows_in(text_of(data), NAMES, NEEDED)
    if read.problems:
        return read
    found, problems = each(read.rows, _deputy)
    seen: dict[tuple[str, object], int] = {}
    for line, deputy in found:
        first = seen.setdefault((folded(deputy.name), deputy.since_on), line)
        if first != line:
            problems.append(Invalid(TWICE, line=line, name=deputy.name, first=first))
    return Read(tuple(deputy for _, deputy in found), tuple(problems))


def _deputy(row: Row) -> tuple[int, Sat]:
    since_on = day_in(row, "since")
    if since_on is None:
        raise Invalid(NO_SINCE, line=row.line)
    cells = {name: row.cells.get(name, "") for name in ("name", "faction", "constituency")}
    if not cells["name"]:
        raise Invalid(NO_NAME, line=row.line)
    if any(len(value) > NAME_MAX for value in cells.values()):
        raise Invalid(LONG, line=row.line, most=NAME_MAX)
    until_on = day_in(row, "until")
    if until_on and until_on < since_on:
        raise Invalid(BACKWARDS, line=row.line)
    return row.line, Sat(**cells, since_on=since_on, until_on=until_on)
