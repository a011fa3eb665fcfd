"""[pure] The errors a rule may raise. What they look like over HTTP is decided in web.py, not here.

A message is an English sentence used as the key of a translation; its values stay apart
(`Invalid("At least {days} days are required.", days=15)`) so that it can be said in four languages.
"""


class DomainError(Exception):
    """A rule said no. `message` is a translatable template, `params` fill it."""

    status = 400

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.message.format(**self.params)


class Invalid(DomainError, ValueError):
    """What was entered breaks a rule; `field` names the input it belongs to, if one.

    A ValueError, so that a form model may ask a rule: pydantic gathers it with the other errors.
    """

    status = 422


class NotAllowed(DomainError):
    """This person may not do this, or not at this stage."""

    status = 403


class SecondFactorNeeded(NotAllowed):
    """This person first has to show a second factor, or to set one up."""


class NotFound(DomainError):
    """There is no such thing, or this person may not know of it."""

    status = 404


class Conflict(DomainError):
    """The thing changed meanwhile, or is already so."""

    status = 409


class TooLarge(DomainError):
    """More bytes than are taken."""

    status = 413


class Unsupported(DomainError):
    """A file of a kind that cannot be read."""

    status = 415


def N_(message: str) -> str:  # noqa: N802 - the name gettext gives this
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return message
