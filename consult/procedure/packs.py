"""Rule packs: the law of a jurisdiction as TOML, read and checked. The only I/O of procedure/.

A pack is a proposal: each rule says that it is unconfirmed, and what has to be checked. Who
confirmed which rule, and the decrees that change the calendar, live in the database.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from holidays import country_holidays, list_supported_countries
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from consult.errors import Invalid, NotFound
from consult.procedure.acts import ActType, Named
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.consistency import act_problems, doubled, duty_problems, rule_problems
from consult.procedure.deadlines import DeadlineRule, Lang, Term
from consult.procedure.deciding import Deciding
from consult.procedure.duties import Duty, Names
from consult.procedure.levels import Level, level_problems

FOLDER = Path(__file__).parent / "packs"

# What pydantic finds, in words that fit a file; anything else it says itself.
SAID = {
    "missing": "is missing",
    "extra_forbidden": "there is no such key",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "Only small letters, digits and _ make a code",
    "date_from_datetime_inexact": "A day is written as 2026-01-31",
}

# Where it helps to see what the file has.
SHOWN = frozenset(
    {
        "enum",
        "literal_error",
        "string_pattern_mismatch",
        "date_from_datetime_inexact",
        "int_type",
        "bool_type",
        "string_type",
        "greater_than_equal",
        "less_than_equal",
    }
)


def _unconfirmed(rule: DeadlineRule) -> DeadlineRule:
    if rule.confirmed:
        raise ValueError("confirmed: a rule is confirmed in the interface, not in the file")
    return rule


Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]
LangCode = Annotated[str, AfterValidator(TypeAdapter(Lang).validate_python)]
WorkingDays = Annotated[int, Field(ge=1, le=366, strict=True)]
FiledRule = Annotated[DeadlineRule, AfterValidator(_unconfirmed)]


class RulePack(BaseModel):
    """The rules of one jurisdiction. `weekend` counts from Monday = 0.

    `languages` are the official ones, the state language first; `holiday_languages` says what the
    holidays library calls the languages in which it can name a feast. From the day `since` on
    there is a rule for every term that is needed. So many working days before it is due a duty is
    due soon, so many after it long overdue. `attribute`: what a term may depend on besides the kind
    of act; `tolling`: the grounds on which a clock may be paused; `region`: where people may say
    that they live.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_-]+$", max_length=40)
    names: Names
    since: date
    timezone: str
    country: str
    subdivision: str = ""
    holiday_languages: Mapping[LangCode, str] = Field(default_factory=dict)
    weekend: frozenset[Weekday] = Field(max_length=6)
    languages: tuple[Lang, ...] = Field(min_length=1)
    note: str = ""
    due_soon: WorkingDays
    long_overdue: WorkingDays
    act_type: tuple[ActType, ...] = Field(min_length=1)
    topic: tuple[Named, ...] = Field(min_length=1)
    attribute: tuple[Named, ...] = ()
    tolling: tuple[Named, ...] = ()
    region: tuple[Named, ...] = ()
    agency_kinds: tuple[str, ...] = ()
    rule: tuple[FiledRule, ...] = Field(min_length=1)
    duty: tuple[Duty, ...] = Field(min_length=1)
    deciding: tuple[Deciding, ...] = ()
    level: tuple[Level, ...] = ()

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def act_types(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.act_type}

    @cached_property
    def acts(self) -> Mapping[str, ActType]:
        return {item.code: item for item in self.act_type}

    @cached_property
    def topics(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.topic}

    @cached_property
    def regions(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.region}

    @cached_property
    def attributes(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.attribute}

    @cached_property
    def levels(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.level}

    @cached_property
    def tolling_grounds(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.tolling}

    @cached_property
    def rules(self) -> Mapping[str, DeadlineRule]:
        return {rule.code: rule for rule in self.rule}

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        return {duty.code: duty for duty in self.duty}

    def rule_for(
        self, term: Term, act_type: str, on: date, attributes: Collection[str] = ()
    ) -> DeadlineRule:
        """The rule for a term and such an act in force on that day, the special before the general.

        Raises NotFound if the pack has none.
        """
        fitting = [
            rule
            for rule in self.rule
            if rule.term is term and rule.in_force(on) and rule.applies_to(act_type, attributes)
        ]
        if fitting:
            return max(fitting, key=lambda rule: rule.rank)
        raise NotFound(
            "The rules have no term for this kind of act on {on}. Add a rule or change the date.",
            on=on,
            term=term,
            act_type=act_type,
        )

    def deciding_on(self, on: date) -> Deciding:
        """How councils decide on that day; raises NotFound if the pack does not say."""
        in_force = [rule for rule in self.deciding if rule.valid_from <= on]
        if not in_force:
            raise NotFound("The rules do not say how a council decides.")
        return max(in_force, key=lambda rule: rule.valid_from)

    def calendar(
        self,
        overrides: Mapping[date, DayKind] | None = None,
        confirmed_years: frozenset[int] = frozenset(),
        basis: Mapping[date, str] | None = None,
    ) -> Calendar:
        """The working calendar of this jurisdiction with the decrees given."""
        return Calendar(
            country=self.country,
            subdivision=self.subdivision,
            weekend=self.weekend,
            overrides=overrides or {},
            confirmed_years=confirmed_years,
            basis=basis or {},
        )


def load_pack(code_or_path: str) -> RulePack:
    """A shipped pack by its code, or any pack by the path of its .toml file. Read once.

    Raises NotFound if there is none, Invalid if something in it is wrong.
    """
    return _load(_file_of(code_or_path))


def _file_of(code_or_path: str) -> Path:
    path = Path(code_or_path)
    return path if path.suffix == ".toml" else FOLDER / f"{path.name}.toml"


@cache
def _load(path: Path) -> RulePack:
    return parse_pack(_text_of(path), path.name)


def _text_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound("There is no rule pack “{pack}”.", pack=path.stem) from error


def parse_pack(text: str | bytes, name: str) -> RulePack:
    """A pack from the text of the file of that name; raises Invalid that names each wrong place."""
    pack, problems = _read(text)
    if pack is None or problems:
        raise Invalid(
            "The rule pack “{pack}” is wrong: {problems}", pack=name, problems="; ".join(problems)
        )
    return pack


def examine_pack(code_or_path: str) -> tuple[RulePack | None, list[str]]:
    """A pack, if its entries could be read, and everything that is wrong with it, a line each.

    Raises NotFound if there is no such file.
    """
    return _read(_text_of(_file_of(code_or_path)))


def _read(text: str | bytes) -> tuple[RulePack | None, list[str]]:
    try:
        data = tomllib.loads(text if isinstance(text, str) else text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [str(error)]
    rules = data.get("rule", [])
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict):
            rule.setdefault("jurisdiction", data.get("code"))
    try:
        pack = RulePack.model_validate(data)
    except ValidationError as error:
        return None, [_said(item, data) for item in error.errors()]
    return pack, list(_problems(pack))


def _said(item: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """A problem with the code of the entry it was found in: "rule kg-report, amount: …"."""
    found: Any = data
    words: list[str] = []
    for key in item["loc"]:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            found = None
        if isinstance(key, int) and words:
            code = found.get("code") if isinstance(found, dict) else None
            words[-1] += f" {code or f'number {key + 1}'}"
        else:
            words.append(str(key))
    plain = SAID.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    given = item["input"]
    if item["type"] in SHOWN and isinstance(given, str | int | float):
        plain += f", not {given!r}"
    if not words:
        return plain
    # What an entry says of itself begins with the field, as ours do: "valid_to: lies before …".
    mark = ", " if item["type"] == "value_error" else ": "
    return f"{', '.join(words)}{mark}{plain}"


def _problems(pack: RulePack) -> Iterator[str]:
    """What no single entry can know: whether the entries of a pack fit together."""
    yield from _place_problems(pack)
    kinds = ("act_type", "topic", "attribute", "tolling", "region", "rule", "duty", "deciding")
    for kind in (*kinds, "level"):
        yield from doubled(kind, (entry.code for entry in getattr(pack, kind)))
    yield from act_problems(pack.act_type, pack.agency_kinds)
    yield from level_problems(pack.level, pack.duty, pack.agency_kinds)
    words = {
        "act_types": pack.act_types,
        "attributes": pack.attributes,
        "tolling_events": pack.tolling_grounds,
    }
    yield from rule_problems(pack.rule, pack.code, words)
    for rule in pack.deciding:
        for unknown in sorted(set(rule.asked_for) - set(pack.act_types)):
            yield f"deciding {rule.code}, asked_for: {unknown!r} is not defined"
    yield from duty_problems(pack.duty, pack.rule, pack.act_types, pack.agency_kinds, pack.since)


def _place_problems(pack: RulePack) -> Iterator[str]:
    """What the time zones and the holidays library do not know."""
    try:
        ZoneInfo(pack.timezone)
    except (ValueError, OSError, KeyError):
        yield f"timezone: {pack.timezone!r} is not known"
    countries = list_supported_countries()
    if pack.country not in countries:
        yield f"country: {pack.country!r} is not known to the holidays library"
    elif pack.subdivision and pack.subdivision not in countries[pack.country]:
        yield f"subdivision: {pack.subdivision!r} is not known to the holidays library"
    else:
        named = country_holidays(pack.country).supported_languages
        for unknown in sorted(set(pack.holiday_languages.values()) - set(named)):
            yield f"holiday_languages: {unknown!r} is not known to the holidays library"
