"""[pure] A table of amendments as a file → amendments, or everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.chambers.bills.rules import (
    AMENDMENT_NUMBER_MAX,
    Change,
    Decided,
    check_change,
    check_decided,
)
from consult.chambers.deputies.rules import Seat, by_name, folded
from consult.chambers.tables import Read, each, rows_in, text_of
from consult.errors import N_, Invalid
from consult.tables import Row

NAMES = {
    **dict.fromkeys(("number", "№", "номер", "нөмір"), "number"),
    **dict.fromkeys(("provision", "статья", "берене", "бап", "норма"), "provision"),
    **dict.fromkeys(("place", "место", "орду", "орны"), "place"),
    **dict.fromkeys(("author", "автор", "deputy", "депутат"), "author"),
    **dict.fromkeys(("proposed", "wording", "редакция", "сунушталган", "ұсынылған"), "proposed"),
    **dict.fromkeys(("conclusion", "заключение", "корутунду", "қорытынды"), "conclusion"),
    **dict.fromkeys(("decision", "решение", "чечим", "шешім"), "decision"),
    **dict.fromkeys(("reason", "основание", "себеп", "негіз"), "reason"),
}
NEEDED = ("number", "author", "proposed")
WORDS = {
    **dict.fromkeys(("", "pending", "на рассмотрении", "каралууда", "қаралуда"), "pending"),
    **dict.fromkeys(("accepted", "принята", "принято", "кабыл алынды", "қабылданды"), "accepted"),
    **dict.fromkeys(
        ("rejected", "отклонена", "отклонено", "четке кагылды", "қабылданбады"), "rejected"
    ),
    **dict.fromkeys(
        ("withdrawn", "отозвана", "отозвано", "кайра алынды", "қайтарып алынды"), "withdrawn"
    ),
}
WRONG_NUMBER = N_("Line {line}: the number of the amendment is missing or too long.")
THERE = N_("Line {line}: amendment {number} is there already.")
NO_PROVISION = N_("Line {line}: there is no provision “{value}” in this text.")
NO_DECISION = N_("Line {line}: “{word}” is no decision.")
NO_WORDS = N_("Line {line}: it is not clear what is to be changed, or by whom.")
NO_REASON = N_("Line {line}: an amendment that is not accepted needs the reason.")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a table of amendments is read against.

    `places` are the provisions by wid, as they are called; `texts` their words by wid.
    """

    seats: Sequence[Seat]
    places: Mapping[str, str]
    texts: Mapping[str, str]
    numbers: frozenset[str]
    lang: str


@dataclass(frozen=True, slots=True)
class Line:
    """An amendment of a file with what was decided of it."""

    change: Change
    decided: Decided


def read_amendments(data: bytes, ground: Ground) -> Read:
    """The amendments in a file, as Line. Raises Invalid, TooLarge where there is no table."""
    read = rows_in(text_of(data), NAMES, NEEDED)
    if read.problems:
        return read
    wids = {folded(place): wid for wid, place in ground.places.items()}
    wids |= {folded(wid): wid for wid in ground.places}
    deputies = by_name(ground.seats)
    found, problems = each(read.rows, lambda row: (row.line, _line(row, wids, deputies, ground)))
    seen = set(ground.numbers)
    for line, one in found:
        if one.change.number in seen:
            problems.append(Invalid(THERE, line=line, number=one.change.number))
        seen.add(one.change.number)
    return Read(tuple(one for _, one in found), tuple(problems))


def _line(
    row: Row, wids: Mapping[str, str], deputies: Mapping[str, list[Seat]], ground: Ground
) -> Line:
    cells = {name: row.cells.get(name, "") for name in set(NAMES.values())}
    number = cells["number"]
    if not number or len(number) > AMENDMENT_NUMBER_MAX:
        raise Invalid(WRONG_NUMBER, line=row.line)
    wid = wids.get(folded(cells["provision"]), "")
    if cells["provision"] and not wid:
        raise Invalid(NO_PROVISION, line=row.line, value=cells["provision"][:80])
    seats = deputies.get(folded(cells["author"]), [])
    change = Change(
        number=number,
        proposed=cells["proposed"],
        lang=ground.lang,
        wid=wid,
        place=cells["place"],
        deputy_id=seats[-1].id if seats else None,
        author="" if seats else cells["author"],
    )
    return Line(_checked(row.line, change, ground), _decided(row.line, cells))


def _checked(line: int, change: Change, ground: Ground) -> Change:
    try:
        check_change(change, ground.texts.get(change.wid, ""))
    except Invalid as wrong:
        raise Invalid(NO_WORDS, line=line) from wrong
    return change


def _decided(line: int, cells: Mapping[str, str]) -> Decided:
    word = cells["decision"].casefold()
    if word not in WORDS:
        raise Invalid(NO_DECISION, line=line, word=word[:40])
    said = Decided(WORDS[word], cells["conclusion"], cells["reason"])
    try:
        check_decided(said)
    except Invalid as wrong:
        raise Invalid(NO_REASON, line=line) from wrong
    return said
