"""[pure] What a kind of act is besides its name: its text, a form with questions, or a table.

Which kinds there are is data (packs.py). How answers and figures become a text with provisions is
told in drafts/answering and drafts/importing/table.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from consult.errors import Invalid
from consult.procedure.duties import Names


class ActForm(StrEnum):
    """What people read and comment on."""

    TEXT = "text"
    QUESTIONS = "questions"
    TABLE = "table"


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    CODE = "code"  # what tells a line from all others, from version to version: "1.2"
    TEXT = "text"
    NUMBER = "number"  # a count or a rate: it is not added up
    MONEY = "money"  # is added up: a line is the sum of the lines beneath it


FIGURES = frozenset({ColumnKind.NUMBER, ColumnKind.MONEY})


class Named(BaseModel):
    """A code with its names: an act type, a topic, an attribute, a ground for a pause."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    names: Names


class Question(Named):
    """One thing that an agency has to say; `hint` tells how."""

    hint: Names | None = None
    required: StrictBool = True


class TableColumn(Named):
    """A column of figures or words; `unit` is that of its figures, such as thousands of som."""

    kind: ColumnKind
    unit: Names | None = None

    def title(self, lang: str) -> str:
        """What stands over it: "Plan for 2027, thousand som"."""
        unit = f", {self.unit.in_language(lang)}" if self.unit else ""
        return f"{self.names.in_language(lang)}{unit}"


class ActType(Named):
    """A kind of act.

    `question` are those of a form, `columns` those of a table, and `total` what the line that adds
    all up is called. `needs_parliament`: it is adopted only after it was before parliament.
    `body_kinds`: the kinds of agency that may publish it; none named: all.
    """

    form: ActForm = ActForm.TEXT
    question: tuple[Question, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    total: Names | None = None
    needs_parliament: StrictBool = False
    body_kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "ActType":
        if problem := next(self._problems(), ""):
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        if self.question and self.form is not ActForm.QUESTIONS:
            yield "question: only for form = 'questions'"
        if self.columns and self.form is not ActForm.TABLE:
            yield "columns: only for form = 'table'"
        if self.total and self.form is not ActForm.TABLE:
            yield "total: only for form = 'table'"
        if self.form is ActForm.QUESTIONS and not self.question:
            yield "question: a form has at least one"
        if self.form is ActForm.QUESTIONS and not any(one.required for one in self.question):
            yield "question: one at least has to be required"
        if self.form is ActForm.TABLE:
            if [one.kind for one in self.columns].count(ColumnKind.CODE) != 1:
                yield "columns: a table has one column of the kind 'code'"
            if not any(one.kind in FIGURES for one in self.columns):
                yield "columns: a table has at least one of figures"
        yield from _twice("question", self.question)
        yield from _twice("columns", self.columns)

    def fits(self, body_kind: str) -> bool:
        """Whether an agency of that kind may publish such an act."""
        return not self.body_kinds or body_kind in self.body_kinds


def _twice(field: str, entries: Iterable[Named]) -> Iterator[str]:
    counted = Counter(one.code for one in entries)
    yield from (f"{field}: {code!r} is there {n} times" for code, n in counted.items() if n > 1)


def check_body(act: ActType, body_kind: str) -> None:
    """Refuse an act that agencies of this kind do not publish."""
    if not act.fits(body_kind):
        raise Invalid("An agency of this kind does not publish such acts.", field="act_type")


def check_file_begins(act: ActType) -> None:
    """Refuse to begin from a file what begins with answers to questions."""
    if act.form is ActForm.QUESTIONS:
        raise Invalid(
            "An act of this kind is a form with questions. Fill in the form instead.",
            field="act_type",
        )


def check_parliament(act: ActType | None, *, was_there: bool) -> None:
    """Refuse the adoption of an act that parliament must see and has not seen."""
    if act and act.needs_parliament and not was_there:
        raise Invalid(
            "An act of this kind is adopted only after it was before parliament. "
            "Record first that it went there."
        )


def publishable(acts: Iterable[ActType], body_kinds: Collection[str]) -> list[ActType]:
    """The kinds of act that an agency of one of these kinds may publish."""
    return [act for act in acts if any(map(act.fits, body_kinds))]
