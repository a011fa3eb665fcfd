"""[pure] Rules of agencies that are renamed and reorganised: no cycles, names on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from consult.errors import Invalid

BASIS_MAX = 300  # characters of the legal basis of a change

Names = Mapping[str, str]  # {lang: name}
Graph = Mapping[int, Iterable[int]]  # {agency: those that took over from it}


def names_on(present: Names, earlier: Sequence[tuple[date, Names]], on: date) -> Names:
    """What an agency was called on a day; `earlier` are (until when, names), in any order.

    From the day of the renaming itself it has the new name.
    """
    later = [(until_on, names) for until_on, names in earlier if on < until_on]
    return min(later, key=lambda one: one[0])[1] if later else present


def reached(start: int, graph: Graph) -> set[int]:
    """All that took over from an agency, one after another, without itself."""
    found: set[int] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += graph.get(one, ())
    return found


def check_parent(agency_id: int, parent_id: int | None, parents: Mapping[int, int | None]) -> None:
    """An agency belongs neither to itself nor to one that belongs to it; raises Invalid."""
    above = parent_id
    while above is not None:
        if above == agency_id:
            raise Invalid("An agency cannot belong to itself.", field="parent")
        above = parents.get(above)


def check_succession(agency_id: int, successor_ids: Iterable[int], graph: Graph) -> None:
    """Nobody takes over from itself, not even by way of others; raises Invalid."""
    for successor_id in successor_ids:
        if successor_id == agency_id or agency_id in reached(successor_id, graph):
            raise Invalid("An agency cannot take over from itself.", field="successors")


def new_parent(
    child_id: int, ended_id: int, successor_ids: Sequence[int], parents: Mapping[int, int | None]
) -> int | None:
    """Whom a body belongs to after the one it belonged to ended.

    To the one that took over; where several did, or it is beneath the body itself, one step up.
    """
    if len(successor_ids) != 1:
        return parents.get(ended_id)
    try:
        check_parent(child_id, successor_ids[0], parents)
    except Invalid:
        return parents.get(ended_id)
    return successor_ids[0]


def check_closing(typed: str, code: str) -> None:
    """Whoever closes an agency types its code: nobody does so by mistake. Raises Invalid."""
    if typed.strip().casefold() != code.casefold():
        raise Invalid("Please type the code as it stands above.", field="typed")


def check_names_kept(given: Names, until_now: Names) -> None:
    """No language loses the name it had; raises Invalid."""
    for lang in until_now:
        if lang not in given:
            raise Invalid("Please fill this in.", field=f"name_{lang}")


def check_day(on: date, today: date, *, after: date | None = None) -> None:
    """A change is entered when it happened, and after the one before it; raises Invalid."""
    if on > today:
        raise Invalid("Please enter a change on its day, not before.", field="on")
    if after is not None and on <= after:
        raise Invalid("This day is not after the change before it.", field="on")
