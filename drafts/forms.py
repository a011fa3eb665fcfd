"""What the forms for importing a text send."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile

TITLE_MAX, SUMMARY_MAX, NOTE_MAX = 500, 2000, 2000
FACTS = ("tracked", "act_type", "topic", "title", "summary")


class ImportForm(BaseModel):
    """A file with what is known of it; `draft` names the one it is a version or a language of."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile
    lang: Literal["ky", "ru", "kk", "en"]
    tracked: Literal["accepted", "original"] = "accepted"
    agency: int | Literal[""] = ""
    act_type: str = ""
    topic: str = ""
    title: str = Field("", max_length=TITLE_MAX)
    summary: str = Field("", max_length=SUMMARY_MAX)

    @property
    def facts(self) -> dict[str, str]:
        told = {name: getattr(self, name) for name in FACTS}
        return told | {"filename": self.file.filename or ""}


class TakeOverForm(BaseModel):
    """What is put right or added when a text that was read is taken over."""

    title: str = Field(min_length=1, max_length=TITLE_MAX)
    note: str = Field("", max_length=NOTE_MAX)
