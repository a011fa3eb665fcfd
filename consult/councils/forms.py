"""What the forms of councils send; what they must hold is a rule."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from consult.councils.models import CouncilOpinion
from consult.councils.rules import POINTS_MOST, Opinion, Point

Lang = Literal["ky", "ru", "kk", "en"]


class AskForm(BaseModel):
    """The council that is asked."""

    council: int = Field(ge=1, lt=2**31)


class VoteForm(BaseModel):
    """A vote, and why somebody dissents."""

    vote: str = ""
    dissent: str = ""
    lang: Lang


class AnswerForm(BaseModel):
    """What the agency took up, and why not the rest."""

    taken: str = ""
    answer: str = ""
    lang: Lang


class MemberForm(BaseModel):
    """Somebody who has an account, and the name everybody will see."""

    email: str = Field(min_length=3, max_length=254)
    name: str = ""
    field: str = ""
    chair: str = ""


def said_in(raw: Mapping[str, Any], langs: Sequence[str]) -> Opinion:
    """The opinion as it was typed; a proposal with neither place nor words is none."""
    points = [
        Point(n, str(raw.get(f"wid_{n}", "")), str(raw.get(f"point_{n}", "")))
        for n in range(1, POINTS_MOST + 1)
    ]
    return Opinion(
        {lang: str(raw.get(f"words_{lang}", "")) for lang in langs},
        str(raw.get("conclusion", "")),
        [one for one in points if one.wid or one.words.strip()],
    )


def typed(opinion: CouncilOpinion) -> dict[str, str]:
    """What the form begins with: the opinion as it stands."""
    raw = {f"words_{lang}": words for lang, words in opinion.words.items()}
    raw["conclusion"] = opinion.conclusion
    for n, point in enumerate(opinion.points, 1):
        raw |= {f"wid_{n}": point["wid"], f"point_{n}": point["words"]}
    return raw
