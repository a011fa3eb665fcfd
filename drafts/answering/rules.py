"""[pure] Answers to the questions of a kind of act, as a text with provisions, and back again.

Each question with its answer is one provision whose permanent id is made of the question's code:
so comments, comparison and export know nothing of forms, and a corrected answer keeps its place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from consult.errors import Invalid
from consult.procedure.acts import ActType
from drafts.tree import Node, Tree, identify

ANSWER_MAX = 10_000  # characters


def cleaned(answer: str) -> str:
    """An answer whose paragraphs each stand on a line, without what nobody sees."""
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n]+", answer))
    return "\n".join(filter(None, lines))


def problems(act: ActType, answers: Mapping[str, str]) -> Iterator[Invalid]:
    """What is wrong with each answer."""
    for question in act.question:
        answer, field = answers.get(question.code, ""), field_of(question.code)
        if question.required and not any(map(str.isalnum, answer)):
            yield Invalid("Please answer this question.", field=field)
        elif len(answer) > ANSWER_MAX:
            yield Invalid(
                "This is too long: at most {most} characters.", field=field, most=ANSWER_MAX
            )


def field_of(code: str) -> str:
    """What the field of a question is called in a form."""
    return f"answer_{code}"


def text_of(act: ActType, answers: Mapping[str, str], lang: str) -> Tree:
    """The text that is discussed; a question without an answer is not in it.

    `answers` by the codes of the questions, cleaned.
    """
    return identify(
        Tree(
            lang,
            tuple(
                Node(
                    "article",
                    number=question.code,
                    heading=question.names.in_language(lang),
                    text=answers[question.code],
                )
                for question in act.question
                if answers.get(question.code)
            ),
        )
    )


def answers_of(act: ActType, nodes: Iterable[Node]) -> dict[str, str]:
    """The answers a text holds, by the codes of the questions; what else it says is left out."""
    codes = {question.code for question in act.question}
    return {node.number: node.text for node in nodes if node.number in codes}
