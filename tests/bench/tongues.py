"""[pure] Words of four languages as they stand in laws: inflected, and as often as words are used.

Of each language some common words of drafts, then thousands of made-up ones built as its words
are; each in its inflections. How often a word stands in a text falls with its rank (Zipf's law).
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product

from drafts.search import stemming_kk, stemming_ky
from drafts.search.analyzers import fold

FORMS = 8  # of a word at most: nobody uses all that a grammar allows
STEMS = 24_000  # of a language
FRONT, ROUND = "еэиөүәі", "оуөү"

SMALL = {
    "ky": "жана менен үчүн бул же болгон боюнча тарабынан ошол эгерде жок тийиш болуп деп",
    "ru": "и в на с по для не или о об от до при если что как а также их его иных этого",
    "kk": "және мен үшін бұл немесе болған бойынша осы егер жоқ тиіс болып деп туралы",
    "en": "the of and to in a for by or on that be is shall with as an any from this it may",
}
COMMON = {
    "ky": """мыйзам берене суу жер билим китепкана айыл шаар укук милдет мамлекет өкмөт жаран
        бала мектеп мугалим жол унаа сугат чарба эмгек акча бюджет салык тартип мөөнөт чечим
        долбоор кеңеш орган токтом жайыт мал оорукана врач дары пенсия жөлөкпул турак курулуш
        аба таштанды токой балык кен энергия газ көмүр байланыш маалымат сот кылмыш айып лицензия
        уруксат соода базар тамак сапат коргоо текшерүү өткөрүү берүү түзүү аткаруу каржылоо""",
    "ru": """закон статья вода земля образование библиотека село город право обязанность
        государство правительство гражданин ребенок школа учитель дорога транспорт полив хозяйство
        труд деньги бюджет налог порядок срок решение проект совет орган постановление пастбище
        скот больница врач лекарство пенсия пособие жилье строительство воздух отходы лес рыба
        недра энергия газ уголь связь информация суд преступление штраф лицензия разрешение
        торговля рынок пища качество защита проверка проведение предоставление исполнение""",
    "kk": """заң бап су жер білім кітапхана ауыл қала құқық міндет мемлекет үкімет азамат бала
        мектеп мұғалім жол көлік суару шаруашылық еңбек ақша бюджет салық тәртіп мерзім шешім жоба
        кеңес орган қаулы жайылым мал аурухана дәрігер дәрі зейнетақы жәрдемақы тұрғын құрылыс
        ауа қалдық орман балық кен энергия газ көмір байланыс ақпарат сот қылмыс айыппұл лицензия
        рұқсат сауда базар тамақ сапа қорғау тексеру өткізу беру құру орындау қаржыландыру""",
    "en": """law article water land education library village city right duty state government
        citizen child school teacher road transport irrigation farm labour money budget tax order
        term decision draft council body regulation pasture cattle hospital doctor medicine pension
        benefit housing construction air waste forest fish mineral energy gas coal communication
        information court offence fine licence permit trade market food quality protection
        inspection provision execution financing registration procedure authority service""",
}
BEGINS = {
    "ky": "ба жо ке мү са ты ча ду рө ли на шы ко те кы бө жү та ка ми",
    "ru": "за пре вы до на обо пере под про раз со у из при от по вос над рас об",
    "kk": "ба жо ке мү са ты ша ду өр лі на шы қо те қы бө жү та қа мі",
    "en": "con de dis en in inter mis out over per pre pro re sub trans un ab ad com ex",
}
MIDDLES = {
    "ky": "ра ле ны гу дө ми са шо ка ты лү бе за ро на жи мо ды ке пу ша та рү ли ва го не зы ку",
    "ru": "бо ве га ди же ку ла ме но пи ро се ту хо ча ше бра вле гра дне кре лю мно пле сто тру",
    "kk": "ра ле ны гу дө мі са шо қа ты лү бе за ро на жі мо ды ке пу ша та рү лі ға го не зы құ",
    "en": "ba ce di fo ga he la li ma ne pa ra se ta va wi cra dri flo gre pla ste tru spo bri cle",
}
ENDS = {
    "ky": "р н к м т ш л п с й лык чы лоо ма гыч мал",
    "ru": "т к н р л с д ние ка та ция ство ость тель",
    "kk": "р н к м т ш л п с й лық шы лау ма ғыш мал",
    "en": "t k n r l s d tion ment ness er al ance ure",
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language, the commonest first, with how often each is used."""

    lang: str
    words: list[str]
    weights: list[float]  # as choices() wants them: each with all before it

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """So many words, drawn as often as they are used."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)

    def text(self, rng: random.Random, count: int) -> str:
        """So many words in sentences."""
        drawn = self.draw(rng, count)
        said = [" ".join(drawn[at : at + 14]).capitalize() for at in range(0, count, 14)]
        return ". ".join(said) + "."


@lru_cache
def tongue(lang: str) -> Tongue:
    """One of the four languages."""
    small = SMALL[lang].split()
    weighed = [(word, 2 / (rank + 2)) for rank, word in enumerate(small)]
    for rank, stem in enumerate(_stems(lang)):
        forms = list(dict.fromkeys(INFLECT[lang](stem)))[:FORMS]
        weighed += [(form, 4 / (rank + 12) / (n + 1.5)) for n, form in enumerate(forms)]
    words = [word for word, _ in weighed]
    return Tongue(lang, words, list(accumulate(weight for _, weight in weighed)))


def _stems(lang: str) -> list[str]:
    parts = (BEGINS[lang].split(), MIDDLES[lang].split(), ["", *MIDDLES[lang].split()])
    made = ["".join(one) for one in product(*parts, ENDS[lang].split())]
    random.Random(lang).shuffle(made)
    return list(dict.fromkeys([*COMMON[lang].split(), *made]))[:STEMS]


def _turkic(endings: tuple[tuple[str, str], ...]) -> Callable[[str], Iterator[str]]:
    """By the table the stemmer strips by: what may follow which letter, in harmony with a vowel."""

    def forms(stem: str) -> Iterator[str]:
        yield stem
        last = next((letter for letter in reversed(stem) if letter in "аоуыяюеэиөүәі"), "а")
        wanted = 2 if last in ROUND else 1 if last in FRONT else 0
        for after, alike in endings:
            if fold(stem)[-1] in after:
                few = alike.split()
                yield from (stem + few[n] for n in range(min(wanted, len(few) - 1), len(few), 3))

    return forms


def _russian(stem: str) -> Iterator[str]:
    table = {"ие": "ие ия ию ием ии ий", "а": "а ы е у ой ам ами", "я": "я и е ю ей ям ями"}
    table |= {"о": "о а у ом е", "ь": "ь и ью ей ям", "": " а у ом е ы ов ам ах"}
    ending = next(ending for ending in table if stem.endswith(ending))
    yield from (stem[: len(stem) - len(ending)] + one for one in table[ending].split(" "))


def _english(stem: str) -> Iterator[str]:
    plural = f"{stem[:-1]}ies" if stem.endswith("y") else f"{stem}s"
    yield from (stem, plural, f"{stem}'s", f"{stem}ed", f"{stem}ing")


INFLECT: dict[str, Callable[[str], Iterator[str]]] = {
    "ky": _turkic(stemming_ky.ENDINGS),
    "ru": _russian,
    "kk": _turkic(stemming_kk.ENDINGS),
    "en": _english,
}
