"""What the forms about hearings send; what they must hold is a rule."""

from datetime import date, datetime, time, tzinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from consult.accounts.rules import clean_line
from consult.consultations.forms import to_utc
from consult.forms import Number
from consult.hearings.actions import Said, Wish
from consult.hearings.models import Hearing
from consult.hearings.rules import (
    ABOUT_MAX,
    ACCESS_MAX,
    LINK_MAX,
    MINUTES_MAX,
    NEEDS_MAX,
    PLACE_MAX,
    REASON_MAX,
    SEATS_MOST,
    TITLE_MAX,
    Place,
    Times,
    Wording,
)
from consult.i18n.catalogues import LANGUAGES
from consult.procedure.deadlines import end_of, last_day

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
MOST_CAME = 1_000_000
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
MaybeDay = Annotated[Day | None, BeforeValidator(lambda typed: typed or None)]
Seats = Annotated[
    Annotated[int, Field(ge=1, le=SEATS_MOST)] | None, BeforeValidator(lambda typed: typed or None)
]
Title = Annotated[str, Field(max_length=TITLE_MAX), AfterValidator(clean_line)]
About = Annotated[str, Field(max_length=ABOUT_MAX)]
Access = Annotated[str, Field(max_length=ACCESS_MAX)]
Minutes = Annotated[str, Field(max_length=MINUTES_MAX)]
TEXTS = {"title": "titles", "about": "abouts", "access": "access"}  # fields, columns


class HearingForm(BaseModel):
    """An announcement: days and times by the clock of the law; `reason` only for a change."""

    agency: Number | Literal[""] = ""
    kind: Literal["hearing", "questions"]
    title_ky: Title = ""
    title_ru: Title = ""
    title_kk: Title = ""
    title_en: Title = ""
    about_ky: About = ""
    about_ru: About = ""
    about_kk: About = ""
    about_en: About = ""
    access_ky: Access = ""
    access_ru: Access = ""
    access_kk: Access = ""
    access_en: Access = ""
    place: Annotated[str, Field(max_length=PLACE_MAX), AfterValidator(clean_line)] = ""
    link: str = Field("", max_length=LINK_MAX)
    on: Day
    begins: time
    ends: time
    register_until: MaybeDay = None
    seats: Seats = None
    drafts: list[Number] = Field(default_factory=list, alias="drafts[]", max_length=50)
    reason: str = Field("", max_length=REASON_MAX)

    def said(self, tz: tzinfo) -> Said:
        """All of it, with instants in UTC."""
        wording = Wording(*(texts_of(self, name) for name in TEXTS))
        where = Place(self.place, self.link)
        return Said(self.kind, wording, where, self._times(tz), self.seats, tuple(self.drafts))

    def _times(self, tz: tzinfo) -> Times:
        """Registration ends with its day, but when it begins at the latest if that is its day."""
        starts_at, ends_at = (
            to_utc(datetime.combine(self.on, at.replace(tzinfo=None)), tz)
            for at in (self.begins, self.ends)
        )
        until = self.register_until or self.on
        closes_at = starts_at if until == self.on else end_of(until, tz)
        return Times(starts_at, ends_at, closes_at)


class ReasonForm(BaseModel):
    """Why it does not take place."""

    reason: str = Field("", max_length=REASON_MAX)


class MinutesForm(ReasonForm):
    """What was said, and how many came; `reason` once something is put right."""

    minutes_ky: Minutes = ""
    minutes_ru: Minutes = ""
    minutes_kk: Minutes = ""
    minutes_en: Minutes = ""
    came: Annotated[int, Field(ge=0, le=MOST_CAME)]

    @property
    def minutes(self) -> dict[str, str]:
        return texts_of(self, "minutes")


class GuestForm(BaseModel):
    """What somebody says who wants to come."""

    speaks: Literal["", "yes"] = ""
    lang: Literal["ky", "ru", "kk", "en"]
    needs: str = Field("", max_length=NEEDS_MAX)

    @property
    def wish(self) -> Wish:
        return Wish(bool(self.speaks), self.lang, self.needs)


def texts_of(form: BaseModel, name: str) -> dict[str, str]:
    """{lang: text} of the fields of a name, without those left empty."""
    texts = {lang: str(getattr(form, f"{name}_{lang}")) for lang in LANGUAGES}
    return {lang: text for lang, text in texts.items() if text}


def as_typed(hearing: Hearing, drafts: list[int], tz: tzinfo) -> dict[str, object]:
    """What the form of a change begins with."""
    starts, ends = hearing.starts_at.astimezone(tz), hearing.ends_at.astimezone(tz)
    typed: dict[str, object] = {
        f"{field}_{lang}": text
        for field, column in TEXTS.items()
        for lang, text in getattr(hearing, column).items()
    }
    return typed | {
        "kind": hearing.kind,
        "place": hearing.place,
        "link": hearing.link,
        "on": starts.date().isoformat(),
        "begins": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "register_until": last_day(hearing.register_until, tz).isoformat(),
        "seats": str(hearing.seats or ""),
        "drafts[]": [str(one) for one in drafts],
    }
