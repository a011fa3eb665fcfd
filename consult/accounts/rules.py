"""[pure] Rules of accounts: what an address, a name, a password and a code must be."""

import unicodedata
from datetime import date

from email_validator import EmailNotValidError, validate_email

from consult.accounts.common_passwords import is_common
from consult.errors import N_, Invalid

PASSWORD_MIN = 10
PASSWORD_MAX = 200
CODE_MAX = 20
AGENT_MAX = 200  # of what a browser says it is


def clean_email(typed: str) -> str:
    """The address in the form it is stored in; raises Invalid. Nothing is asked of the network."""
    try:
        checked = validate_email(
            typed.strip(),
            check_deliverability=False,
            allow_smtputf8=False,  # few mail servers take other letters before the @
            test_environment=True,
        )
    except EmailNotValidError as error:
        message = N_("Please enter an e-mail address such as name@example.org.")
        raise Invalid(message, field="email") from error
    return checked.normalized.casefold()


def clean_line(typed: str) -> str:
    """A name or a title as it is kept and shown: one line, composed letters, nothing invisible.

    Marks that turn the direction of writing are left out: with them one name can look like another.
    """
    words = unicodedata.normalize("NFC", typed)
    seen = (c for c in words if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    return " ".join("".join(seen).split())


def clean_name(typed: str) -> str:
    """The name of a person; raises Invalid if nothing of it can be seen."""
    name = clean_line(typed)
    if not name:
        raise Invalid("Please enter your name.", field="name")
    return name


def clean_code(typed: str) -> str:
    """The code of an agency as it stands in addresses and names of files; raises Invalid."""
    code = typed.strip().upper()
    if len(code) > CODE_MAX or not (code.isascii() and code.replace("-", "").isalnum()):
        message = N_("A code is made of letters, digits and hyphens, at most {most} of them.")
        raise Invalid(message, field="code", most=CODE_MAX)
    return code


def check_agency_open(closed_on: date | None, *, field: str = "agency") -> None:
    """An agency that was closed takes nothing new: no draft, no role; raises Invalid."""
    if closed_on is not None:
        raise Invalid("This agency was closed. Choose the one that took over.", field=field)


def check_mandate(organisation: str, *, stated: bool) -> None:
    """Whoever writes for an organisation says that they may; raises Invalid."""
    if organisation and not stated:
        raise Invalid(
            "Please confirm that you speak for the organisation, or leave its name empty.",
            field="mandate",
        )


def check_password(password: str, *, email: str) -> None:
    """Long, and not among those tried first (NIST SP 800-63B, 5.1.1.2); raises Invalid."""
    if len(password) < PASSWORD_MIN:
        raise Invalid(
            "Please choose a longer password: at least {min} characters.",
            field="password",
            min=PASSWORD_MIN,
        )
    if len(password) > PASSWORD_MAX:
        raise Invalid(
            "Please choose a shorter password: at most {max} characters.",
            field="password",
            max=PASSWORD_MAX,
        )
    if password.casefold() in {email, email.partition("@")[0]}:
        raise Invalid("Your password must not be your e-mail address.", field="password")
    if is_common(password):
        message = N_(
            "Many people use this password or one like it, so it is guessed first. "
            "Please choose another, such as a few words in a row."
        )
        raise Invalid(message, field="password")
