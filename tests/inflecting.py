"""[pure] Nouns in all their forms: plural, possession and case of Kyrgyz and Kazakh, by grammar.

Vowels agree with the vowel before, consonants with the sound before (harmony, assimilation), and a
voiceless end of a word is voiced before a vowel (китеп, китеби). It knows nothing of any stemmer.
"""

from collections.abc import Iterator

NOUNS = {
    "ky": """
        мыйзам кеңеш жер суу китепкана мектеп окуучу токой кодекс пенсия жаран укук айыл шаар
        базар тараза дарак көчө жол сот депутат салык ижара келишим мөөнөт төлөм имарат долбоор
        өкмөт мал жайыт бала кызмат программа комиссия республика маалымат сунуш талкуу эмгек
        дарыгер оорукана баа аба энергия каражат бюджет тил таштанды кезек журнал бирикме канал
        эреже токтом тиркеме милдет сунуштама чогулуш шайлоо добуш музей автобус унаа каттам айып
        кайрылуу чечим соода акт пункт фонд орган район облус закон субъект
    """,
    "kk": """
        заң кеңес жер кітапхана мектеп оқушы орман кодекс азамат құқық ауыл қала базар таразы ағаш
        көше жол сот депутат салық жәрдемақы келісім мерзім төлем ғимарат жоба үкімет мал жайылым
        бала қызмет бағдарлама комиссия республика ақпарат ұсыныс талқылау еңбек дәрігер аурухана
        баға ауа энергия қаражат бюджет тіл мұражай аудан қаулы қосымша міндет шешім сайлау дауыс
        көлік жылдамдық айыппұл учаске шекара құжат тәртіп отырыс хабарлама сауда тариф завод акт
        фонд орган закон облыс субъект
    """,
}

# Endings as a grammar spells them: a capital letter is a sound that agrees with what stands before.
CASES = {
    "ky": "genitive GЫн, accusative GЫ, dative ГА, locative ДА, ablative ДАн, in ДАгЫ",
    "kk": "genitive GЫң, accusative NЫ, dative ГА, locative ДА, ablative BАн, with Мен, in ДАHЫ",
}
OWNED = {  # of the third person
    "ky": "genitive нЫн, accusative н, dative нА, locative ндА, ablative нАн, in ндАгЫ",
    "kk": "genitive нЫң, accusative н, dative нА, locative ндА, ablative нАн, with мен, in ндАHЫ",
}
OURS = {"ky": "бЫз", "kk": "мЫз"}

# The vowel of an ending by the vowel before it.
HARMONY = {
    ("ky", "А"): {"аыяую": "а", "еэи": "е", "оё": "о", "өү": "ө"},
    ("ky", "Ы"): {"аыя": "ы", "еэи": "и", "оуёю": "у", "өү": "ү"},
    ("kk", "А"): {"аоұыяюё": "а", "әеөүіэи": "е"},
    ("kk", "Ы"): {"аоұыяюё": "ы", "әеөүіэи": "і"},
    ("kk", "H"): {"аоұыяюё": "ғ", "әеөүіэи": "г"},
}
VOWELS = {"ky": "аеёиоөуүыэюя", "kk": "аәеёиоөұүыіэюя"}  # у of Kazakh ends a noun as a consonant
VOICELESS = {"ky": "кпстфхцчшщ", "kk": "кқпстфхһцчшщбвгд"}
VOICING = {"к": "г", "қ": "ғ", "п": "б"}

# The consonant of an ending: after a vowel, after these sounds, after others, after voiceless ones.
ASSIMILATION = {
    ("ky", "Л"): ("л", {"рй": "л"}, "д", "т"),
    ("ky", "G"): ("н", {}, "д", "т"),
    ("ky", "Г"): ("г", {}, "г", "к"),
    ("ky", "Д"): ("д", {}, "д", "т"),
    ("kk", "Л"): ("л", {"рйу": "л"}, "д", "т"),
    ("kk", "G"): ("н", {"мнң": "н"}, "д", "т"),
    ("kk", "N"): ("н", {}, "д", "т"),
    ("kk", "Д"): ("д", {}, "д", "т"),
    ("kk", "B"): ("д", {"мнң": "н"}, "д", "т"),
    ("kk", "М"): ("м", {"зж": "б"}, "м", "п"),
}


def forms(noun: str, lang: str) -> Iterator[tuple[str, str]]:
    """Every form of a noun with what it is: ("plural ours dative", …)."""
    for number, word in (("", noun), ("plural ", _with(noun, "ЛАр", lang))):
        yield from _cases(number, word, CASES[lang], lang)
        yield from _cases(f"{number}theirs ", _owned(word, "сЫ", lang), OWNED[lang], lang)
        yield from _cases(f"{number}ours ", _owned(word, OURS[lang], lang), CASES[lang], lang)


def _cases(of: str, word: str, cases: str, lang: str) -> Iterator[tuple[str, str]]:
    yield f"{of}nominative", word
    for named in cases.split(", "):
        case, ending = named.split()
        yield of + case, _with(word, ending, lang)


def _owned(word: str, ending: str, lang: str) -> str:
    """After a consonant сы is ы, and быз is ыбыз."""
    if word[-1] in VOWELS[lang]:
        return _with(word, ending, lang)
    word = word[:-1] + VOICING.get(word[-1], word[-1])
    return _with(word, "Ы" if ending == "сЫ" else f"Ы{ending}", lang)


def _with(word: str, ending: str, lang: str) -> str:
    for sound in ending:
        word += _agreeing(sound, word, lang)
    return word


def _agreeing(sound: str, word: str, lang: str) -> str:
    if (lang, sound) in HARMONY:
        table = HARMONY[lang, sound]
        known = [vowel for letter in word for group, vowel in table.items() if letter in group]
        return known[-1]
    if (lang, sound) == ("kk", "Г"):
        is_back = _agreeing("А", word, lang) == "а"
        hard = word[-1] in VOICELESS[lang]
        return ("қ" if is_back else "к") if hard else ("ғ" if is_back else "г")
    if (lang, sound) not in ASSIMILATION:
        return sound
    after_vowel, after, voiced, voiceless = ASSIMILATION[lang, sound]
    if word[-1] in VOWELS[lang]:
        return after_vowel
    if word[-1] in VOICELESS[lang]:
        return voiceless
    return next((one for sounds, one in after.items() if word[-1] in sounds), voiced)
