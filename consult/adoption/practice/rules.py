"""[pure] The yearly review of an act: which years there are, what a whole review holds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from consult.errors import Invalid, NotAllowed

CONCLUSIONS = ("keep", "explain", "change")  # what is to follow for a provision, or for the act
WORDS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ActYear:
    """The n-th year of an act; both days inclusive."""

    n: int
    first: date
    last: date


def ended_years(adopted_on: date, today: date) -> Iterator[ActYear]:
    """The years of an act that are over before `today`, the first first.

    A year ends on the day of the same number as the day of adoption, or where there is none, on
    the last day of that month. The next begins on the day after.
    """
    first, n = adopted_on, 1
    while (last := _anniversary(adopted_on, n)) < today:
        yield ActYear(n, first, last)
        first, n = last + timedelta(days=1), n + 1


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is concluded, and why; `conclusion` is "" while nobody has said it."""

    conclusion: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What an officer writes: of the act as a whole, and of provisions by their wid."""

    overall: Finding
    lang: str
    places: Mapping[str, Finding]


def check_concluded(said: Concluded) -> None:
    """Refuse words that are too long or a conclusion that is none; what is missing may wait."""
    for field, finding in fields_of(said):
        if finding.conclusion not in ("", *CONCLUSIONS):
            raise Invalid("Please choose one of the options.", field=field)
        if len(finding.words) > WORDS_MAX:
            raise Invalid(
                "This is too long: at most {most} characters.",
                field=f"{field}-words",
                most=WORDS_MAX,
            )


def check_whole(said: Concluded, reported: Collection[str]) -> None:
    """Refuse to publish before all is said: of the act, and of each provision reported of."""
    if not said.overall.conclusion or not said.overall.words:
        raise Invalid("The conclusion about the act as a whole is missing.", field="overall")
    missing = [wid for wid in reported if not _said_of(said, wid)]
    if missing:
        raise Invalid(
            "{count} of the provisions people reported of have no conclusion yet.",
            field="overall",
            count=len(missing),
        )


def _said_of(said: Concluded, wid: str) -> bool:
    return not wid or bool(said.places.get(wid, Finding()).conclusion)


def fields_of(said: Concluded) -> Iterator[tuple[str, Finding]]:
    """The findings with the names of their fields in a form."""
    yield "overall", said.overall
    yield from ((f"at-{wid}", finding) for wid, finding in said.places.items())


def check_other_person(drafted_by: int | None, publisher: int) -> None:
    """Refuse publishing what one has written."""
    if drafted_by == publisher:
        raise NotAllowed("A review is published by another person than the one who wrote it.")
