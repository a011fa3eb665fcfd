"""What a search compares: letters are folded, endings fall, and a negative stays a negative."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.search import stemming_kk, stemming_ky
from drafts.search.analyzers import (
    SHORTEST_STEM,
    Turkic,
    fold,
    normalised,
    readings,
    replace_words,
    stem,
    tokens,
    words,
)
from tests.inflecting import NOUNS, forms

# Each line is one word in several of its forms; the first line of a pair is what stays apart.
FAMILIES = {
    "ky": """
        мыйзам мыйзамдар мыйзамы мыйзамдын мыйзамга мыйзамдан мыйзамдарынын мыйзамындагы мыйзамыбыз
        мыйзамсыз мыйзамсыздар мыйзамсызга мыйзамсыздан мыйзамсызды
        мыйзамсыздык мыйзамсыздыкты мыйзамсыздыгы
        кеңеш кеңешке кеңештин кеңеши кеңешинин кеңештер кеңештеринин
        өлкө өлкөнүн өлкөлөр өлкөлөрдүн өлкөдө өлкөбүз өлкөсү өлкөгө өлкөдөгү
        өкмөт өкмөттүн өкмөткө өкмөтү өкмөтүнүн өкмөттөн
        укук укугу укуктар укуктарын укуктун укукка укугунун
        китеп китеби китептер китепке китебин
        программа программанын программасы программасынын программалар программага
        берүү берүүнүн берүүгө берүүсү берүүдө
        каттоо каттоонун каттоого каттоосу каттоодон
        жаран жарандар жарандардын жараны жаранынын
        орган органдар органы органынын органдарынын органында
        облус облусу облустун облусунда облустар
        акт акты акттар акттын
        пункт пункту пункттун пункттар пунктунда
        орун орду ордуна орундар
    """,
    "kk": """
        заң заңның заңы заңдар заңдарды заңға заңнан заңмен заңына заңында заңдағы заңымыз
        заңсыз заңсыздар заңсызға заңсыздан
        заңсыздық заңсыздығы заңсыздыққа
        құқық құқығы құқықтар құқықтың құқығын құқыққа құқықтары
        тәртіп тәртібі тәртіппен тәртіпте тәртібінде
        үкімет үкіметтің үкіметі үкіметке үкіметінің
        бекіту бекітудің бекітуге бекітуі бекітумен
        республика республиканың республикасы республикасының республикада
        комиссия комиссияның комиссиясы комиссияға
        кеңес кеңеске кеңестің кеңесі кеңесінің
        облыс облысы облыстың облысында облыстар
        аудан ауданның ауданы аудандар ауданда
        халық халқы халықтың халыққа халқының
        мүлік мүлкі мүлікті мүлкін мүліктің
        азамат азаматтар азаматтың азаматтары азаматпен
        завод заводтың заводқа заводы заводтар
    """,
    "ru": """
        закон закона законы законов законам законах
        незаконный незаконного незаконные
        обсуждение обсуждения обсуждению обсуждений
        учёт учёта учету учетом
        конституция конституции конституцией
    """,
    "en": """
        law laws law's law’s
        unlawful unlawfully
        regulation regulations
        citizen citizens citizen's
        agency agencies
    """,
}
LINES = [
    (lang, tuple(line.split()))
    for lang, lines in FAMILIES.items()
    for line in lines.strip().splitlines()
]
NEGATIVES = ["сыз", "сиз", "суз", "сүз", "сіз"]
ENDINGS = ["", "дар", "дын", "дан", "га", "ды", "дык", "дер", "ге", "ди"]

cyrillic = st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяёөүңқғәіұһ", min_size=1, max_size=14)
turkic = st.sampled_from(["ky", "kk"])
languages = st.sampled_from(["ky", "kk", "ru", "en"])


def folded(text: str, lang: str) -> list[str]:
    return [token.folded for token in tokens(text, lang)]


@pytest.mark.parametrize(("lang", "forms"), LINES, ids=lambda value: str(value)[:40])
def test_all_forms_of_a_word_are_one_word(lang: str, forms: tuple[str, ...]) -> None:
    assert len({stem for form in forms for stem in folded(form, lang)}) == 1


@pytest.mark.parametrize("lang", FAMILIES)
def test_different_words_stay_different(lang: str) -> None:
    families = [forms[0] for language, forms in LINES if language == lang]
    assert len({stem for word in families for stem in folded(word, lang)}) == len(families)


@pytest.mark.parametrize(("lang", "forms"), LINES, ids=lambda value: str(value)[:40])
def test_a_keyboard_without_the_letters_makes_no_difference(
    lang: str, forms: tuple[str, ...]
) -> None:
    assert folded(fold(" ".join(forms)), lang) == folded(" ".join(forms), lang)


def test_the_exact_form_keeps_what_the_folded_loses() -> None:
    (token,) = tokens("Кеңештин", "ky")
    assert (token.exact, token.folded) == ("ky:кеңеш", "ky:кенеш")


TABLES = {"ky": stemming_ky, "kk": stemming_kk}
Pairs = list[tuple[str, str]]


def generated(lang: str) -> Pairs:
    """Nouns, each with each of its forms; those of the families above too."""
    pairs = [(noun, form) for noun in NOUNS[lang].split() for _, form in forms(noun, lang)]
    return pairs + [(line[0], form) for of, line in LINES if of == lang for form in line]


def apart(stemmer: Turkic, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Those that do not come to one stem, in bare letters."""
    for noun, form in pairs:
        if fold(stemmer.stem(fold(noun))) != fold(stemmer.stem(fold(form))):
            yield noun, form


@pytest.mark.parametrize("lang", TABLES)
def test_every_form_of_a_noun_is_the_noun(lang: str) -> None:
    table = TABLES[lang]
    whole = Turkic(table.ENDINGS, table.ROOTS, table.WORN)
    assert list(apart(whole, generated(lang))) == []


@pytest.mark.parametrize("lang", TABLES)
def test_each_ending_earns_its_place(lang: str) -> None:
    table, pairs, idle = TABLES[lang], generated(lang), []
    for n, (after, alike) in enumerate(table.ENDINGS):
        for ending in alike.split():
            others = " ".join(one for one in alike.split() if one != ending)
            fewer = (*table.ENDINGS[:n], (after, others), *table.ENDINGS[n + 1 :])
            if not any(apart(Turkic(fewer, table.ROOTS, table.WORN), pairs)):
                idle.append(ending)
    assert idle == []


@pytest.mark.parametrize("lang", TABLES)
def test_each_root_earns_its_place(lang: str) -> None:
    table, idle = TABLES[lang], []
    for root in table.ROOTS.split():
        others = " ".join(one for one in table.ROOTS.split() if one != root)
        without = Turkic(table.ENDINGS, others, table.WORN)
        stems = {without.stem(form) for _, form in forms(root, lang)}
        if stems == {root}:
            idle.append(root)
    assert idle == []


def test_words_are_exchanged_however_they_are_spelt() -> None:
    text = "title:Китепкна (ЖЕР) «китепкна»"
    assert replace_words(text, {"китепкна": "китепкана"}) == "title:китепкана (ЖЕР) «китепкана»"


@given(cyrillic, turkic, st.sampled_from(NEGATIVES), st.sampled_from(ENDINGS))
def test_a_negative_is_never_stripped(root: str, lang: str, negative: str, ending: str) -> None:
    assert fold(root + negative) in fold(stem(root + negative + ending, lang))


@given(cyrillic, turkic)
def test_stemming_twice_is_stemming_once(word: str, lang: str) -> None:
    assert stem(stem(word, lang), lang) == stem(word, lang)


@given(cyrillic | st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1), languages)
def test_a_stem_has_three_letters_unless_the_word_has_fewer(word: str, lang: str) -> None:
    assert len(stem(word, lang)) >= min(len(word), SHORTEST_STEM)


@given(cyrillic, turkic)
def test_folding_and_stemming_agree_on_how_much_to_cut(word: str, lang: str) -> None:
    assert fold(stem(word, lang)) == fold(stem(fold(word), lang))


@given(st.text())
def test_folding_is_idempotent_and_keeps_the_length(text: str) -> None:
    once = fold(normalised(text))
    assert fold(once) == once
    assert len(once) == len(normalised(text))


def test_every_letter_of_the_table_is_folded() -> None:
    assert fold("өүңқғәіұһё") == "оункгаиухе"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8-1-берене, 2014-жыл", ["8", "1", "берене", "2014", "жыл"]),
        ("«Жогорку Кеңеш»: №5", ["жогорку", "кеңеш", "5"]),
        ("зако\u0301н за\u00adкон", ["закон", "закон"]),
        ("И\u0306од", ["йод"]),
        ("ﬁnal ＬＡＷ", ["final", "law"]),
        ("the agency’s 'own' web_site", ["the", "agency's", "own", "web", "site"]),
        ("… — !", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(), languages)
def test_a_token_says_where_it_stands(text: str, lang: str) -> None:
    for token in tokens(text, lang):
        assert normalised(text[token.start : token.end]) == token.word


def test_a_word_in_another_script_is_stemmed_by_the_language_of_that_script() -> None:
    assert folded("laws мыйзамдар 2014", "ky") == ["en:law", "ky:мыйзам", ":2014"]
    assert folded("laws законы", "en") == ["en:law", "ru:закон"]


def test_a_query_is_read_in_every_language_of_its_script() -> None:
    read = {token.folded for reading in readings("законы") for token in reading}
    assert read == {"ky:закон", "ru:закон", "kk:закон"}
    assert [[token.folded for token in reading] for reading in readings("laws")] == [["en:law"]]


def test_russian_rules_do_not_touch_a_kyrgyz_text() -> None:
    read = {token.folded for reading in readings("мыйзам") for token in reading}
    assert not read & set(folded("мыйзамсыз мыйза", "ky"))


def test_a_word_without_end_is_cut() -> None:
    (token,) = tokens("ы" * 100_000, "ky")
    assert len(token.folded.encode()) < 200
