"""[pure] How the columns of a comparative table are headed. Words only: adding one is easy.

Words are beginnings of words, in small letters. The first role one of whose words stands in a
heading is the column's: «обоснование предлагаемых изменений» gives reasons, it proposes nothing.
"""

from typing import Literal, get_args

Role = Literal["number", "place", "current", "proposed", "reason"]
ROLES: tuple[Role, ...] = get_args(Role)

NUMBERS = (
    "№",
    "№ п/п",
    "№п/п",
    "п/п",
    "п.п.",
    "к/н",
    "к/с",
    "р/с",
    "р/б",
    "т/н",
    "n",
    "no",
    "no.",
    "#",
)

WORDS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (
        "place",
        (
            *("структурн", "наименование структ"),
            *("түзүмдүк", "структуралык"),
            *("құрылымдық", "құрылымды"),
            *("structural", "place in"),
        ),
    ),
    (
        "reason",
        (
            *("обоснован", "пояснен", "причин", "комментар", "основани"),
            *("негиздем", "негиздөө", "түшүндүрмө", "себе"),
            *("негіздем", "түсіндірме", "себеп"),
            *("reason", "justification", "explanation", "rationale", "why"),
        ),
    ),
    (
        "proposed",
        (
            *("предлагаем", "предложен", "проект", "новая редакция", "в новой редакции"),
            *("сунуш", "долбоор", "жаңы редакция"),
            *("ұсыныл", "ұсыныс", "жоба", "жаңа редакция"),
            *("propos", "draft", "amended", "new wording"),
        ),
    ),
    (
        "current",
        (
            *("действующ", "существующ", "текущ", "в редакции закона"),
            *("колдонуудагы", "колдонулуп", "күчүндөгү", "учурдагы", "азыркы", "иштеп жаткан"),
            *("қолданыстағы", "қолданыст", "қазіргі", "күшіндегі"),
            *("current", "in force", "existing", "present"),
        ),
    ),
    (
        "place",
        (
            *("статья", "норма", "пункт", "элемент", "раздел"),
            *("берене", "ченем", "пункт"),
            *("бап", "тармақ"),
            *("article", "provision", "place", "section", "clause"),
        ),
    ),
)


def role_of(heading: str) -> Role | None:
    """What a column with this heading holds; None when the words are not known."""
    words = " ".join(heading.casefold().split()).strip(" .:")
    if words in NUMBERS or words.rstrip(".") in NUMBERS:
        return "number"
    spaced = f" {words}"
    return next(
        (
            role
            for role, known in WORDS
            if any(f" {word}" in spaced or f"({word}" in spaced for word in known)
        ),
        None,
    )
