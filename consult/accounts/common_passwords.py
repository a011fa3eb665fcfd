"""[pure] The passwords that are tried first: a list of those found in breaches, and words of here.

Nothing is asked of a service: the list comes with zxcvbn. What a good length is: rules.py.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

# What people here begin a password with, and what their keyboards have in a row.
WORDS_OF_HERE = """
    kyrgyzstan kirgizstan kyrgyz kirgiz bishkek frunze osh jalalabad naryn talas karakol batken
    issykkul ysykkol alatoo alatau manas semetey aitmatov tulpar kenesh kazakhstan qazaqstan
    almaty almata astana nursultan shymkent karaganda russia rossiya moskva moscow aibek aizada
    nurlan azamat кыргызстан киргизстан киргизия кыргыз киргиз бишкек фрунзе ош жалалабад
    джалалабад нарын талас каракол баткен ыссыккөл иссыккуль алатоо алатау манас семетей
    айтматов тулпар кеңеш кенеш казахстан қазақстан алматы алмата астана шымкент караганда
    россия москва пароль сырсөз купиясөз құпиясөз parol sirsoz любовь привет здравствуй салам
    саламатсызбы мамапапа мама папа апа ата йцукен йцукенг йцукенгшщз йцукенгшщзх йцукенгшщзхъ
    фывапролдж фывапролджэ ячсмитьбю йцуфывячс йфяцычувс qwertyuiop asdfghjkl zxcvbnm qazwsxedc
"""
TAIL = 8  # digits and signs at the end, such as a year or a day
SHORT = 3  # letters which, said over and over, are no password


@cache
def _first_tried() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(WORDS_OF_HERE.split())


def is_common(password: str) -> bool:
    """Whether it is in the list, also in capitals, with digits at its end, or written twice."""
    typed = unicodedata.normalize("NFKC", password).casefold().replace(" ", "")
    first = _first_tried()
    return len(next(_repeated(typed), "")) <= SHORT or any(
        word in first
        for form in _without_tail(typed)
        for said in _repeated(form)
        for word in _without_tail(said)
    )


def _without_tail(text: str) -> Iterator[str]:
    """The text, then without the last of the digits and signs at its end, without two …"""
    yield text
    for _ in range(TAIL):
        if not text or text[-1].isalpha():
            return
        text = text[:-1]
        yield text


def _repeated(text: str) -> Iterator[str]:
    """The beginnings which, repeated, make the text: the shortest first, the text itself last."""
    for length in range(1, len(text) + 1):
        if len(text) % length == 0 and text[:length] * (len(text) // length) == text:
            yield text[:length]
