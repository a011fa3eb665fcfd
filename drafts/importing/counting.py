"""[pure] How a number is written in letters and Roman figures by those who number lists."""

LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"  # Word and LibreOffice leave out ё й ъ ы ь
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
MOST_ROMAN = 3999
LONGEST = 9  # letters of a number that repeats one


def in_roman(number: int) -> str:
    """4 is "iv"; figures where Romans had no letters."""
    if not 0 < number <= MOST_ROMAN:
        return str(number)
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def in_letters(number: int, alphabet: str) -> str:
    """Behind z comes aa, ab: as spreadsheets and browsers count."""
    if number < 1:
        return str(number)
    text = ""
    while number:
        number, rest = divmod(number - 1, len(alphabet))
        text = alphabet[rest] + text
    return text


def in_repeated_letters(number: int, alphabet: str) -> str:
    """Behind z comes aa, bb: as Word counts; figures where that would grow too long."""
    if not 0 < number <= LONGEST * len(alphabet):
        return str(number)
    rounds, rest = divmod(number - 1, len(alphabet))
    return alphabet[rest] * (rounds + 1)
