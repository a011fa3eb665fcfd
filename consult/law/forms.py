"""What the forms about the law an installation holds send: decreed days, confirmations, reasons."""

import csv
from io import StringIO

from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile

from consult.errors import Invalid
from consult.forms import Number
from consult.law.reading import text_of
from consult.law.writing import COLUMNS


class DaysForm(BaseModel):
    """Decreed days: a file, pasted lines, or one day; `seen` is the digest of what was shown."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile | None = None
    text: str = ""
    on: str = ""
    kind: str = ""
    name: str = ""
    document: str = ""
    filename: str = ""
    seen: str = ""

    @property
    def named(self) -> str:
        """The name of the file the days came from, if they came from one."""
        return (self.file.filename if self.file else "") or self.filename

    def given(self) -> str:
        """The days as text, wherever they stand. Raises Invalid, TooLarge."""
        has_file = bool(self.file and self.file.filename)
        if has_file + bool(self.text) + bool(self.on) != 1:
            raise Invalid("Give one of these: a file, lines, or a single day.", field="text")
        if self.file and has_file:
            return text_of(self.file.file.read())
        return self.text or _line(self.on, self.kind, self.name)


def _line(*cells: str) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([COLUMNS, cells])
    return written.getvalue()


class YearForm(BaseModel):
    """A year whose calendar is final, and the document that says so."""

    year: Number
    document: str = ""


class RuleForm(BaseModel):
    """A rule that agrees with the act in force; `seen` is the fingerprint of what was read."""

    seen: str = ""
    document: str = ""


class WithdrawForm(BaseModel):
    """A confirmation of a rule that is taken back."""

    confirmation: Number
    reason: str = ""


class ReasonForm(BaseModel):
    """Why something is taken back."""

    reason: str = ""
