"""What the form about what may be counted holds."""

from pydantic import BaseModel, Field


class AboutMe(BaseModel):
    """Codes of choices.py; empty: rather not said."""

    region: str = Field(default="", max_length=40)
    age_band: str = Field(default="", max_length=20)
    gender: str = Field(default="", max_length=20)
