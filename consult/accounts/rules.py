"""[pure] Rules of accounts: what an address, a name and a password must be."""

from email_validator import EmailNotValidError, validate_email

from consult.errors import Invalid

PASSWORD_MIN = 10
PASSWORD_MAX = 200


def clean_email(typed: str) -> str:
    """The address in the form it is stored in; raises Invalid. Nothing is asked of the network."""
    try:
        checked = validate_email(typed.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        message = "Please enter an e-mail address such as name@example.org."
        raise Invalid(message, field="email") from error
    return checked.normalized.casefold()


def check_password(password: str, *, email: str) -> None:
    """Length is what makes a password good (NIST SP 800-63B, 5.1.1.2); raises Invalid."""
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
