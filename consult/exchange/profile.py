"""[pure] The exchange profile in numbered clauses: what each side keeps to.

The page shows them, and the conformance test (conformance.py) names them: so neither says what the
other does not. A clause keeps its number; one that changes in meaning makes a new version.
"""

from dataclasses import dataclass

from consult.errors import N_

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule of the profile, in words for whoever writes a program."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Clauses about one thing."""

    title: str
    clauses: tuple[Clause, ...]


CHAPTERS = (
    Chapter(
        N_("The key"),
        (
            Clause("1.1", N_("Every request carries the key of a system in a header.")),
            Clause("1.2", N_("Without a key that is valid the answer is 401.")),
            Clause(
                "1.3",
                N_(
                    "A system acts for one agency, as its officer, once a second person has "
                    "permitted it. What belongs to another agency is answered 404."
                ),
            ),
        ),
    ),
    Chapter(
        N_("Requests"),
        (
            Clause("2.1", N_("What is sent is a JSON object. An unknown field is refused.")),
            Clause(
                "2.2",
                N_(
                    "What is refused is told as RFC 9457 says: the status, the field, a sentence. "
                    "Nothing of a refused request is kept."
                ),
            ),
            Clause(
                "2.3",
                N_(
                    "A POST carries an Idempotency-Key. Sent again with the same key, the same is "
                    "answered and nothing is done twice; another request under that key is "
                    "answered 422."
                ),
            ),
        ),
    ),
    Chapter(
        N_("Drafts"),
        (
            Clause(
                "3.1",
                N_(
                    "A draft is registered under the number it has in the books of its agency, "
                    "with its text in one language. It is not public by that: an officer looks at "
                    "it and opens the discussion on the site."
                ),
            ),
            Clause("3.2", N_("A number is taken once: another draft under it is answered 409.")),
            Clause(
                "3.3",
                N_("An unknown kind of act is answered 422, an unreadable text 422 or 415."),
            ),
            Clause("3.4", N_("A draft is found by its number.")),
            Clause(
                "3.5",
                N_(
                    "A text is sent again with the ETag of the draft in If-Match: without it the "
                    "answer is 428, and 412 when the draft has changed meanwhile."
                ),
            ),
        ),
    ),
    Chapter(
        N_("Comments and answers"),
        (
            Clause(
                "4.1",
                N_(
                    "Comments come in the order they were made. Whoever follows `next` until it "
                    "is null has seen each once. What was withdrawn or hidden is not among them."
                ),
            ),
            Clause(
                "4.2",
                N_(
                    "An answer waits for a second person of the agency, and is public with the "
                    "report."
                ),
            ),
            Clause(
                "4.3",
                N_(
                    "An answer that is there already is replaced only with its ETag in If-Match: "
                    "428 without, 412 with another."
                ),
            ),
            Clause("4.4", N_("Comments that raise one point can be grouped and answered at once.")),
            Clause("4.5", N_("Duties are told with the day they are due, and how they stand.")),
        ),
    ),
    Chapter(
        N_("Calls from here"),
        (
            Clause(
                "5.1",
                N_(
                    "A system is told what happens by webhooks. Each call is signed as Standard "
                    "Webhooks say; a call with a wrong signature, or one older than five minutes, "
                    "is not believed."
                ),
            ),
            Clause(
                "5.2",
                N_(
                    "A call that was not taken comes again with the same webhook-id: whoever has "
                    "seen that id does nothing and answers 2xx."
                ),
            ),
        ),
    ),
)
CLAUSES = {clause.number: clause.words for chapter in CHAPTERS for clause in chapter.clauses}
