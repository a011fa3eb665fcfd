"""What the forms about the safety of an account hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from consult.accounts.rules import clean_email


class PasswordChange(BaseModel):
    """The password until now and the one from now on; whether it is good is asked by the route."""

    old_password: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]


class AddressChange(BaseModel):
    """The address to have, and the password of whoever asks for it."""

    email: Annotated[str, AfterValidator(clean_email)]
    password: Annotated[str, Field(min_length=1)]


class Ended(BaseModel):
    """Which sign-in is to end."""

    browser: Annotated[str, Field(min_length=1)]
