"""What the forms about sittings and appeals send; what they must hold is a rule."""

from pydantic import BaseModel

from consult.adoption.forms import Day, Lang, MaybeId
from consult.chambers.sittings.rules import Considered, Convened, Item, counts_in


class SittingForm(BaseModel):
    """That a body sat."""

    title: str = ""
    held_on: Day
    lang: Lang

    def said(self) -> Convened:
        return Convened(self.title, self.held_on, self.lang)


class ItemForm(BaseModel):
    """An item of the agenda with its result."""

    title: str = ""
    result: str = ""
    draft: MaybeId = None

    def said(self) -> Item:
        return Item(self.title, self.result, self.draft)


class ResultsForm(BaseModel):
    """The results in words, and where the minutes are."""

    results: str = ""
    url: str = ""


class AppealsForm(BaseModel):
    """A report on appeals; `counts` are lines of "kind; outcome; number"."""

    since_on: Day
    until_on: Day
    lang: Lang
    text: str = ""
    counts: str = ""
    url: str = ""

    def said(self) -> Considered:
        """Raises Invalid for a line that is none."""
        counts = counts_in(self.counts)
        return Considered(self.since_on, self.until_on, self.lang, self.text, counts, self.url)
