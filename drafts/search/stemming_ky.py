"""[pure] Endings of Kyrgyz nouns, as data; analyzers.py strips them. Letters are folded (ө→о, ү→у).

Only inflection is here: case, possession, number. What makes another word of a word stays on it,
above all the negative -сыз/-сиз/-суз/-сүз: мыйзам is law, мыйзамсыз is unlawful.
An ending is stripped only after the letters that assimilation lets it follow. Source: the
declension of nouns in any grammar of Kyrgyz.
"""

VOWELS = "аеиоуыэюя"
VOICED = "бвгджзйлмнр"
VOICELESS = "кпстфхцчшщ"
OWN = "ыиу"  # the possessive itself, after which cases take an н

ENDINGS = (
    # what it may follow, the endings
    (VOWELS, "нын нин нун ны ни ну"),
    (VOICED, "дын дин дун ды ди ду"),
    (VOICELESS, "тын тин тун ты ти ту"),
    (VOWELS + VOICED, "га ге го да де до дан ден дон дагы деги догу"),
    (VOICELESS, "ка ке ко та те то тан тен тон тагы теги тогу"),
    (OWN, "на не но нан нен нон"),
    # his, her, its, also in the accusative; our
    (VOWELS, "сы си су сын син сун быз биз буз"),
    (VOICED + VOICELESS, "ы и у ын ин ун"),
    # plural
    (VOWELS + "йр", "лар лер лор"),
    (VOICED, "дар дер дор"),
    (VOICELESS, "тар тер тор"),
    # акт-ы and ак-ты cannot be told apart by their letters: both come to the same stem
    ("кпс", "т"),
    ("лнр", "д"),
)

# Roots that end as if they were inflected: орган is no accusative of «орга».
ROOTS = """
автобус адрес алтын бизнес дептер доктор жалпы жаңы жаран жыйын закон кийин мекен мурас облус орган
офис план район регион сектор статус үчүн чейин
"""

# Roots that lose a vowel when inflected: орун, орду.
WORN = {"орд": "орун"}
