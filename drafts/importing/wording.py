"""[pure] Whether a text is in the language it is said to be in. A doubt is told, nothing more."""

from collections import Counter

from drafts.grammar.language import grammar_of

FEWEST = 500  # letters; shorter texts tell nothing
FOREIGN = 0.01  # the share of letters the language does not have, from which there is a doubt
SHARED = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")  # what all our Cyrillic alphabets have


def looks_like(text: str, lang: str) -> bool:
    """Whether the letters are those of the language; True where there are too few to tell.

    Another script, letters the language does not have, or most of its own letters missing speak
    against it (a Russian text said to be Kyrgyz has no «ң», a Kyrgyz one said to be Kazakh no «қ»).
    """
    letters = Counter(filter(str.isalpha, text.lower()))
    total = letters.total()
    if total < FEWEST:
        return True
    alphabet = frozenset("".join(grammar_of(lang).alphabets[:1]))
    latin = sum(n for letter, n in letters.items() if letter.isascii())
    if not alphabet:
        return 2 * latin > total
    foreign = sum(
        n for letter, n in letters.items() if not letter.isascii() and letter not in alphabet
    )
    own = alphabet - SHARED
    known = sum(letters[letter] > 0 for letter in own)
    return 2 * latin <= total and foreign <= FOREIGN * total and 2 * known >= len(own)
