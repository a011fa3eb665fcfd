"""Calendar files: what is taken, what is refused and in which line, and that they come round."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import DomainError, Invalid, TooLarge
from consult.i18n.catalogues import LANGUAGES
from consult.law.months import KIND_OF, month_name, months_of, special_days, weekday_names
from consult.law.reading import MOST_BYTES, Reading, kind_of, read_bytes, read_text
from consult.law.rules import (
    MOST_DAYS,
    DecreedDay,
    changes,
    check_days,
    digest_of_days,
    unconfirmed_years,
)
from consult.law.writing import as_ics, as_lines, as_table
from consult.procedure.calendars import DECREED, DayKind
from consult.procedure.packs import load_pack

JAN_3 = DecreedDay(date(2026, 1, 3), DayKind.WORKING, "Перенос")
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"))


def ics(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""))


def whole(first: str, end: str = "") -> tuple[str, ...]:
    last = (f"DTEND;VALUE=DATE:{end}",) if end else ()
    return (f"DTSTART;VALUE=DATE:{first}", *last)


def problems(reading: Reading) -> list[tuple[int, str]]:
    return [(problem.params["line"], str(problem)) for problem in reading.problems]


def refused(given: str | bytes) -> str:
    """The sentences a file is refused with; "" if it is taken."""
    try:
        found = read_text(given) if isinstance(given, str) else read_bytes(given)
    except DomainError as refusal:
        return str(refusal)
    return " ".join(map(str, found.problems))


@pytest.mark.parametrize(
    "text",
    [
        "date,kind,name\n2026-01-03,working,Перенос\n",
        "date;kind;name\r\n03.01.2026;working;Перенос\r\n",
        "name\tkind\tdate\nПеренос\tworking\t3.1.2026",
        '\ufeff"Дата";"Вид";"Название"\n"03.01.2026";"Рабочий день";"Перенос"\n',
        "\n\nКүнү,Түрү,Аталышы\n\n2026-01-03,ЖУМУШ  КҮНҮ,Перенос\n,,\n",
        "күні;түрі;атауы\n2026-01-03;жұмыс күні; Перенос \n",
        "№;weekday;Date;Kind;Name\n1;Saturday;2026-01-03;working;Перенос\n",
    ],
)
def test_a_table_is_read_in_four_languages_with_any_of_three_separators(text: str) -> None:
    assert read_text(text).days == [JAN_3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_a_table_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    text = "дата;вид;название\n03.01.2026;рабочий;Перенос рабочего дня с пятницы\n"
    assert read_bytes(text.encode(encoding)).days[0].name == "Перенос рабочего дня с пятницы"


@pytest.mark.parametrize("kind", DayKind)
def test_a_kind_is_known_by_its_code_and_by_its_name_in_every_language(kind: DayKind) -> None:
    assert kind_of(kind.value) is kind
    assert kind_of(kind.value.upper().replace("_", " ")) is kind


def test_every_wrong_line_is_told_with_its_number() -> None:
    text = (
        "date;kind;name\n"
        "2026-02-30;holiday;\n"  # no such day
        "2026-1-3;holiday;\n"
        "\n"
        "2026-03-09;shortened;\n"
        "1999-12-31;holiday;\n"
        "2026-03-09;holiday;one;two\n"
        f"2026-03-10;holiday;{'x' * 201}\n"
        "2026-03-11;holiday;\n"
        "11.03.2026;working;\n"
        "2026-03-12;;\n"
    )
    found = read_text(text)
    assert [line for line, _ in problems(found)] == [2, 3, 5, 6, 7, 8, 10, 11]
    told = " ".join(words for _, words in problems(found))
    for words in ("2026-02-30", "shortened", "2000 to 2100", "columns", "too long", "in line 9"):
        assert words in told


def test_a_day_said_twice_the_same_is_one_day_and_its_names_stand_together() -> None:
    text = "date,kind,name\n2026-05-01,holiday,May\n2026-05-01,holiday,\n2026-05-01,holiday,Eid\n"
    assert read_text(text).days == [DecreedDay(date(2026, 5, 1), DayKind.HOLIDAY, "May, Eid")]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-03,working\n",  # without a heading nobody knows which column is which
        "date,name\n2026-01-03,Перенос\n",
        "",
        "  \n\n",
        "date,kind,name\n",
        "just words",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nnonsense\r\nEND:VCALENDAR",
        "BEGIN:VTODO\r\nEND:VTODO",
        ics(),
        event(*whole("20260101")),  # an event without a calendar around it
        ics() + ics(),
        "BEGIN:VCALENDAR\r\n" * 5000,
        ics("BEGIN:VEVENT\r\n" * 5000 + "END:VEVENT\r\n" * 5000),
        ics(event(*whole("20000101", "21000101"))),
        ics(event("DTSTART;VALUE=DATE:99991231")),
        ics(event("DTSTART;VALUE=DATE:20260101", "DURATION:P99999999W")),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_sentence(text: str) -> None:
    assert refused(text)


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    found = read_text('date,kind,name\n2026-01-03,working,"Перенос\n2026-01-04,working,\n')
    assert problems(found) == [(3, "Line 3: this cannot be read.")]


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + bytes(100), b"PK\x03\x04" + bytes(range(256)), b"\x00" * 10, b""],
)
def test_a_binary_or_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_bytes(data)


def test_a_file_that_is_too_large_or_has_too_many_days_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_bytes(b"date,kind\n" + b"x" * MOST_BYTES)
    with pytest.raises(TooLarge):
        read_text("x" * (MOST_BYTES + 1))
    days = (date(2000, 1, 1) + timedelta(days=n) for n in range(MOST_DAYS + 1))
    with pytest.raises(Invalid, match="2000 days"):
        read_text("date,kind\n" + "".join(f"{day},holiday\n" for day in days))


def test_an_event_lasts_until_the_day_before_its_end() -> None:
    text = ics(event(*whole("20260321", "20260324"), "SUMMARY:Нооруз\\, 2026"))
    assert read_text(text).days == [
        DecreedDay(date(2026, 3, n), DayKind.HOLIDAY, "Нооруз, 2026") for n in (21, 22, 23)
    ]
    assert len(read_text(ics(event(*whole("20260321")))).days) == 1
    assert len(read_text(ics(event(*whole("20260321"), "DURATION:P2D"))).days) == 2


def test_the_categories_of_an_event_say_its_kind_else_it_is_a_holiday() -> None:
    text = ics(
        event(*whole("20260103"), "CATEGORIES:Kenesh,working"),
        event(*whole("20260104"), "CATEGORIES:Выходной день"),
        event(*whole("20260105"), "CATEGORIES:Observance", "SUMMARY:Public holiday"),
    )
    assert [(day.kind, day.name) for day in read_text(text).days] == [
        (DayKind.WORKING, ""),
        (DayKind.DAY_OFF, ""),
        (DayKind.HOLIDAY, ""),  # its name says no more than its kind
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("DTSTART:20260101T090000Z",), "time of day"),
        (("DTSTART:20260101T000000", "DTEND:20260102T000000"), "time of day"),
        ((*whole("20260101"), "DURATION:PT8H"), "time of day"),
        ((*whole("20260101"), "RRULE:FREQ=YEARLY"), "repeats"),
        ((*whole("20260101"), "RDATE;VALUE=DATE:20270101"), "repeats"),
        ((*whole("20260101"), "STATUS:CANCELLED"), "cancelled"),
        (whole("20260102", "20260102"), "ends before"),
        (whole("20260102", "20260101"), "ends before"),
        (("SUMMARY:x",), "on which day"),
        (("DTSTART;VALUE=DATE:2026",), "on which day"),
        ((*whole("20260101"), *whole("20260102")), "on which day"),
        ((*whole("20260101"), "CATEGORIES:working,holiday"), "no kind of day"),
        (whole("18990101"), "2000 to 2100"),
    ],
)
def test_an_event_that_is_no_whole_day_is_told_with_its_line(
    lines: tuple[str, ...], told: str
) -> None:
    found = read_text(ics(event(*whole("20260301")), event(*lines)))
    ((line, words),) = problems(found)
    assert line == 8
    assert told in words


def test_the_event_that_makes_of_a_day_another_kind_is_told() -> None:
    text = ics(
        event(*whole("20260301", "20260305")), event(*whole("20260304"), "CATEGORIES:working")
    )
    ((line, words),) = problems(read_text(text))
    assert line == 9
    assert "in line 4" in words


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    for hostile in (
        text,
        f"date,kind,name\n{text}",
        ics(event(text)),
        ics(event(*whole("20260101"), f"SUMMARY:{text}", f"CATEGORIES:{text}")),
        f"BEGIN:{text}",
    ):
        if not refused(hostile):
            check_days(read_text(hostile).days)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_break(data: bytes) -> None:
    refused(data)


ONE_LINE = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=40)
NAMES = ONE_LINE.map(lambda text: " ".join(text.split()))
DECREED_DAYS = st.lists(
    st.builds(
        DecreedDay,
        st.dates(date(2000, 1, 1), date(2100, 12, 31)),
        st.sampled_from(DayKind),
        NAMES.filter(lambda name: kind_of(name) is None),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda day: day.on,
).map(sorted)


@given(DECREED_DAYS, st.sampled_from(sorted(LANGUAGES)))
def test_what_is_written_is_read_again(days: list[DecreedDay], lang: str) -> None:
    file = as_ics(days, title="x", source="kg@x", lang=lang, changed_at=NOW)
    assert read_bytes(file).days == days
    assert read_bytes(as_table(days).encode()).days == days
    assert read_text(as_lines(days)).days == days


def test_the_same_days_make_the_same_file_and_each_day_keeps_its_number() -> None:
    first, second = (
        as_ics(days, title="x", source="kg@x", lang="ru", changed_at=NOW)
        for days in ([JAN_3], [JAN_3])
    )
    assert first == second
    assert b"UID:2026-01-03-kg@x" in first


@pytest.mark.parametrize("code", ["kg", "kz", "uk", "eu"])
@pytest.mark.parametrize("year", [2024, 2026])
def test_the_files_of_a_year_say_all_of_its_calendar(code: str, year: int) -> None:
    """Beside the days of the week nothing else has to be known, not even the feasts."""
    decreed = {date(year, 6, 6): DayKind.WORKING, date(year, 6, 7): DayKind.DAY_OFF}
    calendar = load_pack(code).calendar(decreed)
    months = months_of(calendar, {}, year, "en", "")
    read = {day.on: day for day in read_bytes(as_table(special_days(months)).encode()).days}
    for on in (day.on for month in months for day in month.days):
        said = read[on].kind is DayKind.WORKING if on in read else on.weekday() < 5
        assert calendar.day(on).working == said, on
    taken = load_pack(code).calendar({day.on: day.kind for day in read.values()})
    again = special_days(months_of(taken, {}, year, "en", ""))
    assert [(day.on, day.kind) for day in again] == [(on, read[on].kind) for on in sorted(read)]


def test_every_reason_of_a_decreed_day_is_shown_as_its_kind() -> None:
    for kind, (code, *_) in DECREED.items():
        assert KIND_OF[code] is kind


@pytest.mark.parametrize("lang", LANGUAGES)
def test_months_and_weeks_have_names_and_whole_weeks(lang: str) -> None:
    assert len({month_name(date(2026, n, 1), lang) for n in range(1, 13)}) == 12
    assert len(weekday_names(lang)) == 7
    months = months_of(load_pack("kg").calendar(), {}, 2024, lang, "")
    assert sum(len(month.days) for month in months) == 366
    for month in months:
        assert all(len(week) == 7 for week in month.weeks)
        first = next(cell for cell in month.weeks[0] if cell)
        assert month.weeks[0].index(first) == first.on.weekday()


def test_a_change_counts_when_a_day_turns_from_working_to_off_or_back() -> None:
    calendar = load_pack("kg").calendar()
    saturday, monday = date(2026, 6, 6), date(2026, 6, 8)
    found = changes(
        calendar,
        [
            DecreedDay(monday, DayKind.DAY_OFF),
            DecreedDay(saturday, DayKind.HOLIDAY),
            DecreedDay(date(2026, 6, 7), DayKind.WORKING),
            DecreedDay(date(2026, 6, 9), DayKind.WORKING),
        ],
    )
    assert [change.counts for change in found] == [False, True, True, False]


def test_the_digest_of_days_is_of_all_they_say_in_any_order() -> None:
    other = DecreedDay(date(2026, 1, 4), DayKind.HOLIDAY)
    assert digest_of_days("d", [JAN_3, other]) == digest_of_days("d", [other, JAN_3])
    renamed = DecreedDay(JAN_3.on, JAN_3.kind, "x")
    rekinded = DecreedDay(JAN_3.on, DayKind.DAY_OFF, JAN_3.name)
    said = [("d", JAN_3), ("e", JAN_3), ("d", other), ("d", renamed), ("d", rekinded)]
    assert len({digest_of_days(document, [day]) for document, day in said}) == len(said)


def test_the_next_year_should_be_confirmed_from_october_on() -> None:
    calendar = load_pack("kg").calendar(None, frozenset({2026}))
    assert unconfirmed_years(calendar, date(2026, 9, 30)) == []
    assert unconfirmed_years(calendar, date(2026, 10, 1)) == [2027]
    assert unconfirmed_years(calendar, date(2027, 10, 1)) == [2027, 2028]
