"""[pure] The numbers of provisions: «8-1», «10.2», «8¹», «б», «IV», and which may follow which.

Nothing here knows what a provision is.
"""

import re
from functools import lru_cache

from drafts.grammar.language import LATIN, Language

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
LOOKALIKES = str.maketrans("aceopxyi", "асеорхуі")  # a Latin letter typed for a Cyrillic one
ROMAN_LOOKALIKES = str.maketrans("ІХ", "IX")  # and the reverse, in «ІІІ» and «Х»
ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
LETTERED = re.compile(r"(\d+)([^\W\d_])")
DECIMAL = re.compile(r"\d+(?:[-–‑.]\d+)*[⁰¹²³⁴-⁹]*")

MIXED = re.compile(r"(?=\w*[a-z])(?=\w*[а-яё])[a-zа-яё]{3,}", re.IGNORECASE)
TO_LATIN = str.maketrans("асеорхуіАСЕОРХІВНКМТ", "aceopxyiACEOPXIBHKMT")
TO_CYRILLIC = str.maketrans("aceopxyiACEOPXIBHKMT", "асеорхуіАСЕОРХІВНКМТ")
SEARCHED = 200  # letters of a line in which a head may stand

Reading = tuple[str, tuple[int, ...]]  # in what script, and the value: «8-1» is (8, 1)


def in_one_script(text: str, language: Language) -> str:
    """The line with words of mixed script («Cтатья», "Аrticle") spelled in that of the language.

    As long as the line itself, letter for letter.
    """
    head = text[:SEARCHED]
    if head.isascii() or not MIXED.search(head):
        return text
    letters = TO_LATIN if language.heads[0].noun.isascii() else TO_CYRILLIC
    return MIXED.sub(lambda found: found[0].translate(letters), head) + text[SEARCHED:]


@lru_cache(maxsize=4096)
def readings(number: str, alphabets: tuple[str, ...]) -> tuple[Reading, ...]:
    """Every way to read a number: «i» is the ninth letter and the first Roman numeral."""
    base, *inserted = re.split(r"[-–‑]", number, maxsplit=1)
    if DECIMAL.fullmatch(number):
        plain = re.sub(r"[⁰¹²³⁴-⁹]+", lambda found: "." + found[0].translate(SUPERSCRIPTS), number)
        return (("decimal", tuple(int(part) for part in re.split(r"[-–‑.]", plain))),)
    tail = tuple(int(part) for part in inserted if part.isdecimal())
    if lettered := LETTERED.fullmatch(base):  # «5A» stands behind 5, like 5-1
        letters = readings(lettered[2], alphabets)
        return tuple(("decimal", (int(lettered[1]), *value, *tail)) for _, value in letters)
    found = [("roman", (roman(base), *tail))] if roman(base) else []
    for alphabet in (LATIN, *alphabets):
        letter = base.lower() if alphabet == LATIN else base.lower().translate(LOOKALIKES)
        if len(letter) == 1 and letter in alphabet:
            found.append((alphabet, (alphabet.index(letter) + 1, *tail)))
    return tuple(found)


def roman(number: str) -> int:
    """The value of a Roman numeral, 0 if it is none."""
    letters = number.upper().translate(ROMAN_LOOKALIKES)
    if not letters or not ROMAN.fullmatch(letters):
        return 0
    values = [ROMAN_VALUES[letter] for letter in letters]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


@lru_cache(maxsize=4096)
def is_first(number: str, alphabets: tuple[str, ...]) -> bool:
    """Whether a numbering may begin with it."""
    return any(set(value) == {1} for _, value in readings(number, alphabets))


@lru_cache(maxsize=4096)
def follows(previous: str, number: str, alphabets: tuple[str, ...]) -> bool:
    """Whether `number` may stand next after `previous`: 4 after 3, 3-1 or 3-2; 3-1 after 3."""
    return any(
        script == other and value in _next(before)
        for script, before in readings(previous, alphabets)
        for other, value in readings(number, alphabets)
    )


@lru_cache(maxsize=4096)
def is_later(previous: str, number: str, alphabets: tuple[str, ...]) -> bool:
    """Whether `number` stands somewhere after `previous` in the same way of counting."""
    return any(
        script == other and value > before
        for script, before in readings(previous, alphabets)
        for other, value in readings(number, alphabets)
    )


def _next(value: tuple[int, ...]) -> set[tuple[int, ...]]:
    counted_on = {(*value[:depth], value[depth] + 1) for depth in range(len(value))}
    return counted_on | {(*value, 1)}
