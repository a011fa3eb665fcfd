"""The plan of law-making: its states, the months people write, the tables they keep it in."""

from datetime import date
from typing import Any

import pytest
from babel.dates import format_skeleton, get_month_names
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Conflict, Invalid
from consult.i18n.catalogues import LOCALES
from consult.plans.headings import Column, column_of
from consult.plans.months import read_month
from consult.plans.routes import COLUMNS
from consult.plans.rules import (
    FEATURES,
    PUBLIC,
    TRANSITIONS,
    State,
    Verb,
    Wording,
    allows,
    check_month,
    check_reason,
    check_titles,
    check_transition,
    is_late,
    rewording,
)
from consult.plans.spreadsheet import ROWS_MAX, Table, Terms, read_table
from consult.procedure.packs import load_pack
from consult.spreadsheets import BYTE_ORDER_MARK, csv_text

PACK = load_pack("kg")
TODAY = date(2026, 9, 7)
TERMS = Terms(PACK.act_types, PACK.topics, PACK.languages, TODAY)
MONTHS = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda on: on.replace(day=1))
TEXTS = st.dictionaries(st.sampled_from(["ky", "ru", "en"]), st.sampled_from("abc"))
WORDINGS = st.builds(Wording, TEXTS, TEXTS, st.sampled_from("xy"), st.sampled_from("xy"))
LAW = PACK.act_type[0]


def test_what_was_published_is_never_secret_again() -> None:
    for state in map(State, PUBLIC):
        assert State.DRAFT not in TRANSITIONS[state]
        assert not allows(state, Verb.DISCARD)
        assert not allows(state, Verb.EDIT)


def test_once_there_is_a_text_the_plan_has_come_to_its_end() -> None:
    assert not TRANSITIONS[State.STARTED]
    assert not FEATURES[State.STARTED]


def test_every_state_is_reached_and_every_verb_is_possible_somewhere() -> None:
    reached = {State.DRAFT}.union(*TRANSITIONS.values())
    assert reached == set(State)
    assert frozenset().union(*FEATURES.values()) == set(Verb)


def test_a_step_the_table_does_not_have_is_refused() -> None:
    check_transition(State.DROPPED, State.PUBLISHED)
    with pytest.raises(Conflict):
        check_transition(State.DRAFT, State.DROPPED)


def test_a_month_that_runs_may_be_announced_and_one_that_is_over_may_not() -> None:
    check_month(date(2026, 9, 1), TODAY)
    with pytest.raises(Invalid, match="over"):
        check_month(date(2026, 8, 31), TODAY)


def test_an_item_is_late_once_its_month_is_over_and_only_while_it_is_expected() -> None:
    assert not is_late(State.PUBLISHED, date(2026, 9, 1), TODAY)
    assert is_late(State.PUBLISHED, date(2026, 8, 1), TODAY)
    assert not is_late(State.STARTED, date(2026, 8, 1), TODAY)


def test_a_title_in_one_official_language_is_needed() -> None:
    check_titles({"ru": "О воде"}, PACK.languages)
    with pytest.raises(Invalid) as refusal:
        check_titles({"en": "On water", "ru": ""}, PACK.languages)
    assert refusal.value.field == "title_ky"


@pytest.mark.parametrize("reason", ["", "   ", "no money", "         x"])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(Invalid):
        check_reason(reason)


@given(WORDINGS, WORDINGS)
def test_old_words_can_be_had_back_from_what_differs(old: Wording, new: Wording) -> None:
    was, now = rewording(old, new)
    assert was.keys() == now.keys()
    assert bool(was) == (old != new)

    def merged(text: Any, parts: Any) -> Any:
        return {k: v for k, v in {**text, **parts}.items() if v}

    assert merged(new.titles, was.get("titles", {})) == old.titles
    assert merged(new.summaries, was.get("summaries", {})) == old.summaries
    assert was.get("act_type", new.act_type) == old.act_type
    assert was.get("topic", new.topic) == old.topic


@given(MONTHS, st.sampled_from(list(LOCALES.values())), st.sampled_from(["yMMMM", "yMMM"]))
def test_a_month_is_read_as_this_site_writes_it(month: date, locale: str, skeleton: str) -> None:
    assert read_month(format_skeleton(skeleton, month, locale=locale)) == month


@given(MONTHS, st.sampled_from(["%Y-%m", "%m.%Y", "%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y/%m"]))
def test_a_month_is_read_from_figures(month: date, form: str) -> None:
    assert read_month(f" {month.strftime(form)} ") == month


def test_every_name_of_a_month_means_one_month() -> None:
    for locale in LOCALES.values():
        for number, name in get_month_names("wide", "format", locale).items():
            assert read_month(f"{name} 2027").month == number
            assert read_month(f"{name[:3]}.27").month == number


@pytest.mark.parametrize(
    "text", ["", "2026", "13.2026", "IV квартал 2026", "ноябрь", "май или июнь 2026", "11-26", "x"]
)
def test_what_is_no_clear_month_is_not_guessed(text: str) -> None:
    with pytest.raises(Invalid):
        read_month(text)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Наименование законопроекта", Column("title")),
        ("Название (рус.)", Column("title", "ru")),
        ("Мыйзам долбоорунун аталышы, кыргызча", Column("title", "ky")),
        ("Атауы (қазақша)", Column("title", "kk")),
        ("Title, English", Column("title", "en")),
        ("Вид акта", Column("act_type")),
        ("Актынын түрү", Column("act_type")),
        ("Актінің түрі", Column("act_type")),
        ("Kind of act", Column("act_type")),
        ("Срок разработки", Column("month")),
        ("Айы", Column("month")),
        ("Мерзімі", Column("month")),
        ("Month", Column("month")),
        ("Тема", Column("topic")),
        ("Тақырып", Column("topic")),
        ("Краткое содержание (ru)", Column("summary", "ru")),
        ("Кыскача мазмуну ky", Column("summary", "ky")),
        ("Қысқаша мазмұны", Column("summary")),
        ("№ п/п", None),
        ("Исполнитель", None),
    ],
)
def test_columns_are_known_by_their_headings_in_four_languages(
    heading: str, column: Column | None
) -> None:
    assert column_of(heading) == column


def test_the_table_this_site_gives_away_can_be_read_back() -> None:
    known = {name: column_of(name) for name in COLUMNS}
    assert {name for name, column in known.items() if column is None} == {
        *("id", "agency", "state", "published_at", "draft", "address")
    }
    assert known["title_kk"] == Column("title", "kk")
    assert known["summary_ru"] == Column("summary", "ru")


def said(table: Table) -> list[tuple[int, str]]:
    return [(row.n, str(problem)) for row in table.rows for problem in row.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_however_its_cells_are_divided(delimiter: str) -> None:
    rows = [
        ["Название", "Аталышы (ky)", "Вид", "Тема", "Месяц", "Исполнитель"],
        ['"О воде; и о ""суше"", вместе"', "Суу", LAW.names.ru, "", "ноябрь 2026", "А. Б."],
        ["", "", "", "", "", ""],
        ["О хлебе", "", LAW.code, PACK.topic[0].names.ky, "2027-01", ""],
    ]
    text = BYTE_ORDER_MARK + "\r\n".join(delimiter.join(row) for row in rows)
    table = read_table(text, "ru", TERMS)
    assert table.ok, said(table)
    assert table.ignored == ("Исполнитель",)
    (water, november), (bread, january) = table.entries
    assert water.titles == {"ru": 'О воде; и о "суше", вместе', "ky": "Суу"}
    assert (water.act_type, water.topic) == (LAW.code, "")
    assert bread == Wording({"ru": "О хлебе"}, {}, LAW.code, PACK.topic[0].code)
    assert (november, january) == (date(2026, 11, 1), date(2027, 1, 1))
    assert [row.n for row in table.rows] == [2, 4]


def test_every_problem_is_told_with_its_row() -> None:
    terms = Terms(PACK.act_types, PACK.topics, PACK.languages, TODAY, {"о воде"})
    text = "\n".join(
        (
            "title_ru;title_en;kind;topic;month",
            f"О  Воде;;{LAW.code};;2026-11",
            f";On bread;{LAW.code};;2026-11",
            "О соли;;манифест;магия;осенью",
            f"О сахаре;;{LAW.code};;2026-08",
            f"о соли;;{LAW.code};;2026-11",
            f"О ме?ти;;{LAW.code};;2026-11;x",
            f"{'О' * 501};;{LAW.code};;",
        )
    )
    table = read_table(text, "ru", terms)
    assert not table.ok
    assert said(table) == [
        (2, "This is in the plan already."),
        (3, "Give the title in at least one official language."),
        (4, "“манифест” is no kind of act that is known here."),
        (4, "“магия” is no topic that is known here."),
        (4, "“осенью” is no month: write it as 2026-11."),
        (5, "This month is over. Choose a later one."),
        (6, "Row 4 has the same title."),
        (7, "This row has more cells than the heading."),
        (7, "Letters of this row were lost. Save the table anew as UTF-8."),
        (8, "This is too long: at most 500 characters."),
        (8, "There is no month."),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There is nothing in this table."),
        ("title,type,month", "There is nothing in this table."),
        ("title,month\nx,2026-11", "No column is headed “Kind of act”."),
        ("вид,срок\nx,2026-11", "No column is headed “Title”."),
        ("title,type\nx,y", "No column is headed “Month”."),
        ("title,name,type,month\na,b,c,d", "Two columns hold the same: name."),
        ("sep=|\ntitle|type|month", "This could not be read as a table."),
        (
            "title,type,month\n" + "x,y,z\n" * (ROWS_MAX + 1),
            f"These are more than {ROWS_MAX} rows. Import them in parts.",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_table_is_said_first(text: str, problem: str) -> None:
    table = read_table(text, "ru", TERMS)
    assert [str(each) for each in table.problems] == [problem]
    assert not table.rows


@given(
    st.text(max_size=300), st.sampled_from(["", "title;type;month\n", "sep=;\ntitle;type;month\n"])
)
def test_whatever_is_pasted_is_a_table_or_a_problem(text: str, heading: str) -> None:
    table = read_table(heading + text, "ru", TERMS)
    assert table.problems or table.rows
    assert all(row.problems for row in table.rows if row.month is None)


LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="'")


@given(st.lists(st.text(LETTERS, min_size=1)))
def test_a_title_survives_the_way_through_a_spreadsheet(titles: list[str]) -> None:
    rows = [(title, LAW.code, "2026-11") for title in titles]
    table = read_table(csv_text(("title", "type", "month"), rows), "ru", TERMS)
    read = [row.wording.titles.get("ru", "") for row in table.rows]
    assert read == titles
