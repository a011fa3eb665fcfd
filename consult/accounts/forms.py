"""What the forms about accounts hold, each field checked by its rule."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from consult.accounts.rules import (
    check_mandate,
    check_password,
    clean_email,
    clean_line,
    clean_name,
)

Line = AfterValidator(clean_line)


class Registration(BaseModel):
    """A new account: of a person, or of somebody who speaks for an organisation."""

    email: Annotated[str, AfterValidator(clean_email)]
    name: Annotated[str, Field(max_length=120), AfterValidator(clean_name)]
    password: str
    region: Annotated[str, Field(max_length=120), Line] = ""
    organisation: Annotated[str, Field(max_length=200), Line] = ""
    mandate: bool = Field(default=False, validate_default=True)
    shown: Literal["name", "nothing"] = "name"

    @field_validator("password")
    @classmethod
    def _good_password(cls, password: str, info: ValidationInfo) -> str:
        check_password(password, email=info.data.get("email", ""))
        return password

    @field_validator("mandate")
    @classmethod
    def _stated_mandate(cls, mandate: bool, info: ValidationInfo) -> bool:
        check_mandate(info.data.get("organisation", ""), stated=mandate)
        return mandate


class Entry(BaseModel):
    """Signing in; `next` is where the person was going."""

    email: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]
    next: str = ""


class Address(BaseModel):
    """Whose password was forgotten."""

    email: Annotated[str, AfterValidator(clean_email)]


class ChosenPassword(BaseModel):
    """The password chosen at registration, by which its owner confirms the address."""

    password: Annotated[str, Field(min_length=1)]


class NewPassword(BaseModel):
    """The password to have from now on; the rule needs the person, so the action asks it."""

    password: Annotated[str, Field(min_length=1)]
