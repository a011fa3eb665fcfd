"""[pure] How people name provisions when they write about them, by language. Words only, no rules.

The names of articles, chapters and annexes are those of the language's own grammar; here is what
a letter to a ministry says besides. A language that is not here is read by its grammar alone.
"""

from dataclasses import dataclass

PART_OF_ARTICLE, POINT, SUBPOINT, INDENT = 11, 12, 13, 14  # how deep below an article


@dataclass(frozen=True, slots=True)
class Words:
    """What may stand around the name of a provision. All but `small` and `short` are patterns.

    `small` are the parts of an article, as (the noun, how deep it stands); `short` are the usual
    abbreviations without their last stop, as (the abbreviation, the noun it stands for); `before`
    may open the line; `within` opens one, and `within_ending` ends a noun, that only says where
    something is found; `elsewhere` follows a provision of another act.
    """

    small: tuple[tuple[str, int], ...]
    short: tuple[tuple[str, str], ...] = ()
    before: str = ""
    within: str = r"(?!)"
    within_ending: str = r"(?!)"
    elsewhere: str = r"(?!)"


WORDS: dict[str, Words] = {
    "ru": Words(
        small=(
            ("часть", PART_OF_ARTICLE),
            ("пункт", POINT),
            ("подпункт", SUBPOINT),
            ("абзац", INDENT),
        ),
        short=(
            ("ст", "статья"),
            ("ст.ст", "статья"),
            ("гл", "глава"),
            ("разд", "раздел"),
            ("прил", "приложение"),
            ("ч", "часть"),
            ("п", "пункт"),
            ("пп", "подпункт"),
            ("п.п", "подпункт"),
            ("подп", "подпункт"),
            ("абз", "абзац"),
        ),
        before=(
            r"(?:(?:замечани|предложени|комментари|поправк|вопрос|возражени)\w*\s+)?"
            r"(?:(?:к|ко|по|о|об|обо|на|относительно|касательно)\s+)?"
        ),
        within=r"(?:во?|согласно|из)\s+",
        within_ending=r"(?:ь?[её]й|ой|ом|ем)",
        elsewhere=(
            r"\s+(?!настоящего|данного|этого)(?:\w+(?:ого|его|ой)\s+){0,3}"
            r"(?:кодекса|закона|конституции|постановления|указа|договора)\b"
            r"|\s+(?-i:[БГЖЗЛНСТУ]П?К|КоАП)\b"
        ),
    ),
    "en": Words(
        small=(
            ("part", PART_OF_ARTICLE),
            ("paragraph", POINT),
            ("point", POINT),
            ("clause", POINT),
            ("subparagraph", SUBPOINT),
            ("sub-paragraph", SUBPOINT),
            ("subpoint", SUBPOINT),
            ("item", SUBPOINT),
        ),
        short=(
            ("art", "article"),
            ("arts", "article"),
            ("ch", "chapter"),
            ("sec", "section"),
            ("para", "paragraph"),
            ("paras", "paragraph"),
            ("cl", "clause"),
            ("subpara", "subparagraph"),
        ),
        before=(
            r"(?:(?:comment|remark|proposal|amendment|question|objection)s?\s+)?"
            r"(?:(?:on|to|about|regarding|concerning|as\s+to|re:?)\s+)?(?:the\s+)?"
        ),
        within=r"(?:in|under|by|from)\s+",
        elsewhere=(
            r"\s+of\s+the\s+(?:\w+\s+){0,3}(?:code|constitution|treaty|(?:law|act)\s+(?:on|no))\b"
        ),
    ),
    "ky": Words(
        small=(
            ("бөлүк", PART_OF_ARTICLE),
            ("пункт", POINT),
            ("тармак", POINT),
            ("пунктча", SUBPOINT),
            ("тармакча", SUBPOINT),
            ("абзац", INDENT),
        ),
        short=(
            ("б", "берене"),
            ("бер", "берене"),
            ("гл", "глава"),
            ("п", "пункт"),
            ("пп", "пунктча"),
            ("абз", "абзац"),
        ),
        within_ending=r"\w*(?:[дт][аеоө]н?|н[аеоө]н)",
    ),
    "kk": Words(
        small=(
            ("бөлік", PART_OF_ARTICLE),
            ("тармақ", POINT),
            ("тармақша", SUBPOINT),
            ("абзац", INDENT),
        ),
        short=(("б", "бап"), ("т", "тармақ"), ("тт", "тармақша"), ("абз", "абзац")),
        within_ending=r"\w*(?:[дт][ае]н?|н[ае]н|[мбп]ен)",
    ),
}
NO_WORDS = Words(small=())
