"""What the forms of a comparative table send."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile

from drafts.comparative.rows import CELL_MAX, Words


class RowForm(BaseModel):
    """One row; `seen` is the stamp of what it said when the form was shown."""

    place: str = Field("", max_length=CELL_MAX)
    current: str = Field("", max_length=CELL_MAX)
    proposed: str = Field("", max_length=CELL_MAX)
    reason: str = Field("", max_length=CELL_MAX)
    wid: str = Field("", max_length=200)
    seen: str = ""
    after: int | Literal[""] = ""

    @property
    def words(self) -> Words:
        """What is typed, with one kind of line ends."""
        place, current, proposed, reason = (
            cell.replace("\r\n", "\n")
            for cell in (self.place, self.current, self.proposed, self.reason)
        )
        return Words(place, current, proposed, reason, self.wid)


class TableFile(BaseModel):
    """A file with a table."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class WholeTable(BaseModel):
    """All rows, as a preview has shown them, and the stamp of those they are to replace."""

    rows: str
    seen: str
