"""[pure] What may be asked beside a draft, how an answer is read, how answers are counted.

What is shown, and why: of each question how many people chose what, once at least LEAST answered.
Nobody knows who answered, so such a total tells nothing about anybody. How it divides into
identified and other people is another matter: in an office it is known who has been identified. So
a part of fewer than LEAST people is not shown, nor is anything it could be computed from.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from consult.errors import Conflict, Invalid

KINDS = ("single", "multiple", "scale", "open")
MOST = 5  # questions in a round
OPTIONS_MOST = 10
SCALE = 5  # from 1 to so many
WORDS_MAX = 1000  # characters of an open answer
QUESTION_MAX = 300
OPTION_MAX = 150
LEAST = 5  # people, below which nothing is shown of how they divide


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an officer enters it: words and options by language; `n` is its place."""

    n: int
    kind: str
    words: Mapping[str, str]
    options: Sequence[Mapping[str, str]] = ()

    @property
    def size(self) -> int:
        """How many things may be chosen."""
        return size_of(self.kind, self.options)


def size_of(kind: str, options: Sequence[object]) -> int:
    """How many things may be chosen of a question of this kind."""
    return {"open": 0, "scale": SCALE}.get(kind, len(options))


def check_questions(questions: Sequence[Asked], langs: Collection[str]) -> None:
    """Refuse questions that nobody could answer, or not in each language of the text."""
    if len(questions) > MOST:
        raise Invalid("There may be {most} questions at most.", most=MOST, field="kind_1")
    for asked in questions:
        _check_question(asked, langs)


def _check_question(asked: Asked, langs: Collection[str]) -> None:
    n = asked.n
    if asked.kind not in KINDS:
        raise Invalid("Please choose one of the options.", field=f"kind_{n}")
    for lang in langs:
        if not asked.words.get(lang, "").strip():
            raise Invalid("Please ask it in each language of the text.", field=f"words_{lang}_{n}")
        if len(asked.words[lang]) > QUESTION_MAX:
            raise _too_long(QUESTION_MAX, f"words_{lang}_{n}")
        _check_options(asked, lang)


def _check_options(asked: Asked, lang: str) -> None:
    field = f"options_{lang}_{asked.n}"
    told = [option.get(lang, "").strip() for option in asked.options]
    if any(len(words) > OPTION_MAX for words in told):
        raise _too_long(OPTION_MAX, field)
    if asked.kind == "open":
        if any(told):
            raise Invalid(
                "A question answered in words has no answers to choose from.", field=field
            )
        return
    if asked.kind == "scale":
        if len(told) != 2 or not all(told):
            raise Invalid("Say in two lines what the ends of the scale mean.", field=field)
        return
    if not 2 <= len(told) <= OPTIONS_MOST:
        raise Invalid(
            "Give between {least} and {most} answers to choose from, one a line.",
            least=2,
            most=OPTIONS_MOST,
            field=field,
        )
    if not all(told):
        raise Invalid("Give the same answers in each language, one a line.", field=field)
    if len({words.casefold() for words in told}) < len(told):
        raise Invalid("Two of these answers are the same.", field=field)


def _too_long(most: int, field: str) -> Invalid:
    return Invalid(
        "This is too long: at most {max_length} characters.", max_length=most, field=field
    )


def check_changeable(answers: int, *, closed: bool) -> None:
    """Refuse to change questions that somebody answered: it would not be what they answered."""
    if closed:
        raise Conflict("This discussion is closed.")
    if answers:
        raise Conflict("Somebody has answered already: the questions stay as they are.")


def chosen(kind: str, size: int, given: Sequence[str], field: str) -> int:
    """What was ticked, as bits: "2" is option 2 of 0 …; 0 for nothing. Raises Invalid."""
    bits = 0
    for one in given:
        if not (one.isascii() and one.isdigit() and len(one) < 3 and int(one) < size):
            raise Invalid("Please choose one of the options.", field=field)
        bits |= 1 << int(one)
    if kind != "multiple" and bits.bit_count() > 1:
        raise Invalid("Please choose one of the options.", field=field)
    return bits


@dataclass(frozen=True, slots=True)
class Row:
    """So many people gave one answer: `choices` as bits."""

    choices: int
    is_identified: bool
    n: int


@dataclass(frozen=True, slots=True)
class Part:
    """How many chose an option; of them identified and others, None where that is not shown."""

    n: int
    identified: int | None
    unidentified: int | None

    @property
    def is_split(self) -> bool:
        return self.identified is not None


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers to one question: `whole` is who answered, `parts` are by option.

    None: fewer than LEAST people answered, which is all that is told.
    """

    whole: Part
    parts: tuple[Part, ...]


def counted(kind: str, size: int, rows: Iterable[Row]) -> Counted | None:
    """The answers to one question as they may be shown."""
    rows = list(rows)
    whole = _part(rows)
    if whole.n < LEAST:
        return None
    parts = [_part([row for row in rows if row.choices >> bit & 1]) for bit in range(size)]
    return _without_small(whole, parts, adds_up=kind != "multiple")


def _part(rows: Sequence[Row]) -> Part:
    known = sum(row.n for row in rows if row.is_identified)
    every = sum(row.n for row in rows)
    return Part(every, known, every - known)


def _without_small(whole: Part, parts: Sequence[Part], *, adds_up: bool) -> Counted:
    """Leave out each division with a small part, and as many more as keep them unknown.

    Where each person chose one option, the parts add up to the whole: a single division that is
    left out could be computed from the others.
    """
    if not whole.identified or not whole.unidentified:  # all are alike, nothing is divided
        return Counted(whole, tuple(parts))
    if _is_small(whole):
        return Counted(_unsplit(whole), tuple(map(_unsplit, parts)))
    hidden = {i for i, part in enumerate(parts) if _is_small(part)}
    shown = sorted(set(range(len(parts))) - hidden, key=lambda i: (-parts[i].n, i))
    while adds_up and shown and _is_told([parts[i] for i in sorted(hidden)]):
        hidden.add(shown.pop())
    if adds_up and _is_told([parts[i] for i in sorted(hidden)]):
        whole = _unsplit(whole)
    told = (_unsplit(part) if i in hidden else part for i, part in enumerate(parts))
    return Counted(whole, tuple(told))


def _is_small(part: Part) -> bool:
    return any(0 < n < LEAST for n in (part.identified or 0, part.unidentified or 0))


def _unsplit(part: Part) -> Part:
    return replace(part, identified=None, unidentified=None)


def _is_told(hidden: Sequence[Part]) -> bool:
    """Whether the divisions left out follow from their totals and their sum, at least one of them.

    Of the part with `n` people between `sum - others` and `sum` may be identified, and 0 to `n`.
    """
    known, every = sum(part.identified or 0 for part in hidden), sum(part.n for part in hidden)
    return any(max(0, known - (every - part.n)) == min(part.n, known) for part in hidden if part.n)


def mean(parts: Sequence[Part]) -> float | None:
    """The mean of a scale from 1; None when nobody answered."""
    every = sum(part.n for part in parts)
    return round(sum(i * part.n for i, part in enumerate(parts, 1)) / every, 2) if every else None
