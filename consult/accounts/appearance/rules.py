"""[pure] What a pseudonym must be."""

from consult.accounts.lookalike import look
from consult.accounts.rules import clean_line
from consult.errors import Invalid

SHORTEST, LONGEST = 2, 60


def clean_pseudonym(typed: str) -> str:
    """A pseudonym as it is kept and shown; raises Invalid for what is none."""
    name = clean_line("".join(c for c in typed if c.isprintable() or c.isspace()))
    if len(name) > LONGEST:
        raise Invalid(
            "This is too long: at most {most} characters.", field="pseudonym", most=LONGEST
        )
    if sum(c.isalpha() for c in name) < SHORTEST or not look(name):
        raise Invalid("A pseudonym has at least two letters.", field="pseudonym")
    if "@" in name or "://" in name or name.casefold().startswith("www."):
        raise Invalid("A pseudonym is no e-mail address and no link.", field="pseudonym")
    return name
