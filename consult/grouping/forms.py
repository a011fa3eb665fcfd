"""What the form of a suggested group sends."""

from pydantic import BaseModel, Field


class TakeForm(BaseModel):
    """A title, and of the comments that were `shown` those to `keep`; the others go in as well."""

    title: str = ""
    shown: list[int] = Field(default_factory=list, alias="shown[]")
    keep: list[int] = Field(default_factory=list, alias="keep[]")

    @property
    def left_out(self) -> set[int]:
        return set(self.shown) - set(self.keep)
