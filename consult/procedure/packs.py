"""Rule packs: the law of a jurisdiction as TOML, read and checked. The only I/O of procedure/.

A pack is a proposal: each rule says that it is unconfirmed, and what has to be checked. Who
confirmed which rule, and the decrees that change the calendar, live in the database.
"""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from holidays import list_supported_countries
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from consult.errors import Invalid, NotFound
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import DeadlineRule, Lang, Term
from consult.procedure.duties import Duty, Names

FOLDER = Path(__file__).parent / "packs"

Weekday = Annotated[int, Field(ge=0, le=6)]


class Named(BaseModel):
    """A code with its names: an act type or a topic."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    names: Names


class RulePack(BaseModel):
    """The rules of one jurisdiction. `weekend` counts from Monday = 0.

    `languages` are the official ones, the state language first; `holiday_languages` says what the
    holidays library calls the languages in which it can name a feast.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    names: Names
    timezone: str
    country: str
    subdivision: str = ""
    holiday_languages: Mapping[Lang, str] = Field(default_factory=dict)
    weekend: frozenset[Weekday] = Field(max_length=6)
    languages: tuple[Lang, ...] = Field(min_length=1)
    note: str = ""
    act_type: tuple[Named, ...] = Field(min_length=1)
    topic: tuple[Named, ...] = Field(min_length=1)
    rule: tuple[DeadlineRule, ...] = Field(min_length=1)
    duty: tuple[Duty, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "RulePack":
        problems = list(_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def act_types(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.act_type}

    @cached_property
    def topics(self) -> Mapping[str, Names]:
        return {item.code: item.names for item in self.topic}

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
    path = Path(code_or_path)
    if path.suffix != ".toml":
        path = FOLDER / f"{path.name}.toml"
    return _load(path)


@cache
def _load(path: Path) -> RulePack:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound("There is no rule pack “{pack}”.", pack=path.stem) from error
    return parse_pack(text, path.stem)


def parse_pack(text: str, name: str) -> RulePack:
    """A pack from the text of its file; raises Invalid that names each wrong place."""
    try:
        data = tomllib.loads(text)
        for rule in data.get("rule", []):
            rule.setdefault("jurisdiction", data.get("code"))
        return RulePack.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(_said(item["loc"], item["msg"], data) for item in error.errors())
    except (tomllib.TOMLDecodeError, AttributeError) as error:
        problems = str(error)
    raise Invalid("The rule pack “{pack}” is wrong: {problems}", pack=name, problems=problems)


def _said(place: tuple[int | str, ...], message: str, data: Mapping[str, Any]) -> str:
    """A problem with the code of the entry it was found in, such as "rule kg-report, amount"."""
    found: Any = data
    words: list[str] = []
    for key in place:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            found = None
        named = found.get("code") if isinstance(key, int) and isinstance(found, dict) else None
        words.append(str(named or key))
    plain = message.removeprefix("Value error, ")
    return f"{', '.join(words)}: {plain}" if words else plain


def _problems(pack: RulePack) -> Iterator[str]:
    """What no single entry can know: whether the entries of a pack fit together."""
    countries = list_supported_countries()
    if pack.country not in countries:
        yield f"country {pack.country!r} is not known to the holidays library"
    elif pack.subdivision and pack.subdivision not in countries[pack.country]:
        yield f"subdivision {pack.subdivision!r} is not known to the holidays library"
    try:
        ZoneInfo(pack.timezone)
    except (ValueError, OSError, KeyError):
        yield f"timezone {pack.timezone!r} is not known"
    for kind in ("act_type", "topic", "rule", "duty"):
        counted = Counter(entry.code for entry in getattr(pack, kind))
        yield from (f"{kind} {code} is there twice" for code, n in counted.items() if n > 1)
    yield from _rule_problems(pack)


def _rule_problems(pack: RulePack) -> Iterator[str]:
    for rule in pack.rule:
        if rule.jurisdiction != pack.code:
            yield f"rule {rule.code} is of {rule.jurisdiction!r}"
        for unknown in sorted(rule.act_types - pack.act_types.keys()):
            yield f"rule {rule.code} names the act type {unknown!r}, which is not defined"
    for one, other in combinations(pack.rule, 2):
        if one.term is other.term and _overlap(one, other):
            yield f"rules {one.code} and {other.code} apply to the same acts at the same time"
    for duty in pack.duty:
        if any(rule.trigger is not duty.trigger for rule in pack.rule if rule.term is duty.term):
            yield f"duty {duty.code} and its rules start from different events"
    for term in sorted({Term.CONSULTATION, *(duty.term for duty in pack.duty)}):
        yield from _gaps(pack, term)


def _gaps(pack: RulePack, term: Term) -> Iterator[str]:
    """Act types that no rule without an end covers, so that one day there would be no term."""
    lasting = [rule for rule in pack.rule if rule.term is term and rule.valid_to is None]
    if all(rule.act_types for rule in lasting):
        covered = frozenset[str]().union(*(rule.act_types for rule in lasting))
        for missing in sorted(pack.act_types.keys() - covered):
            yield f"no lasting rule for the term {term.value} of the act type {missing!r}"


def _overlap(one: DeadlineRule, other: DeadlineRule) -> bool:
    same_acts = one.act_types & other.act_types or not (one.act_types or other.act_types)
    apart = (one.valid_to or date.max) < other.valid_from
    apart = apart or (other.valid_to or date.max) < one.valid_from
    return bool(same_acts) and not apart
