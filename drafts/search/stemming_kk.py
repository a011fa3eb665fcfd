"""[pure] Endings of Kazakh nouns, as data; analyzers.py strips them. Letters are folded (і→и, ң→н).

Only inflection is here: case, possession, number. What makes another word of a word stays on it,
above all the negative -сыз/-сіз: заң is law, заңсыз is unlawful.
An ending is stripped only after the letters that assimilation lets it follow. Source: the
declension of nouns in any grammar of Kazakh.
"""

VOWELS = "аеиоыэюя"
NASAL = "мн"
VOICED = "бвгджзйлру" + NASAL  # у is a consonant at the end of a noun: бекіту, бекітуі
VOICELESS = "бвгдкпстфхцчшщ"  # the first four in borrowed words: завод, заводтың
OWN = "ыи"  # the possessive itself, after which cases take an н

ENDINGS = (
    # what it may follow, the endings
    (VOWELS, "ны ни"),
    (VOWELS + NASAL, "нын нин"),
    (VOICED, "дын дин ды ди"),
    (VOICELESS, "тын тин ты ти"),
    (VOWELS + VOICED, "га ге да де дан ден дагы деги мен"),
    (VOICELESS, "ка ке та те тан тен тагы теги пен"),
    (OWN, "на не"),
    (OWN + NASAL, "нан нен"),
    ("жз", "бен"),
    # his, her, its, also in the accusative; our. After ы an -сы is mostly -ыс with -ы
    ("аеоэюя", "сы си сын син"),
    (VOWELS, "мыз миз"),
    (VOICED + VOICELESS, "ы и ын ин"),
    # plural
    (VOWELS + "йру", "лар лер"),
    (VOICED, "дар дер"),
    (VOICELESS, "тар тер"),
    # акт-і and ак-ті cannot be told apart by their letters: both come to the same stem
    ("кпс", "т"),
    ("лнр", "д"),
)

# Roots that end as if they were inflected: аудан is no accusative of «ауда».
ROOTS = """
адрес алтын аудан бизнес дәптер жәрдемақы закон қаржы қатынас қаулы кейін кеңес маман мекен оқушы
орган орман план регион таразы үшін шейін
"""

# Roots that lose a vowel when inflected: халық, халқы.
WORN = {"ерк": "ерік", "мүлк": "мүлік", "орн": "орын", "халқ": "халық"}
