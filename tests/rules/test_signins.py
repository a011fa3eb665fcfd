"""Passwords that are tried first, and how browsers are called."""

from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from consult.accounts.common_passwords import is_common
from consult.accounts.rules import PASSWORD_MIN, check_password
from consult.accounts.signins.rules import browser_and_system, reference
from consult.errors import Invalid
from tests.factories import PASSWORD

breached = st.sampled_from(FREQUENCY_LISTS["passwords"])


@given(breached, st.sampled_from(["lower", "upper", "title"]), st.integers(0, 9999))
@example("tintin", "lower", 0)  # of which the shortest part is not in the list
def test_a_breached_password_stays_one_in_capitals_with_digits_or_twice(
    word: str, case: str, digits: int
) -> None:
    assert is_common(word)
    assert is_common(getattr(word, case)())
    assert is_common(f"{word}{digits}")
    assert is_common(word * 2)
    assert is_common(f"{word * 2}{digits}")


@pytest.mark.parametrize(
    "password",
    [
        "Бишкек2026",
        "кыргызстан",
        "Kyrgyzstan!",
        "almatyalmaty",
        "йцукенгшщз",
        "ЙЦУКЕН12345",
        "manas manas",
        "Қазақстан1",
        "aaaaaaaaaaaa",
        "абабабабаба б",
        "\uff51\uff57\uff45\uff52\uff54\uff5912345",  # wide letters
        "1234567890",
        "password 1991",
    ],
)
def test_words_of_here_and_their_variations_are_refused_with_a_reason(password: str) -> None:
    with pytest.raises(Invalid, match="guessed first") as refusal:
        check_password(password, email="aizada@example.org")
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "kenesh-demo", "correct horse battery staple", "эки жылкы тоодо", "x7Kp-2mQv-91"],
)
def test_a_few_words_in_a_row_pass(password: str) -> None:
    check_password(password, email="aizada@example.org")


@given(st.text(max_size=200))
def test_any_text_is_answered(password: str) -> None:
    assert is_common(password) in {True, False}


words_typed = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=9)


@given(st.lists(words_typed, min_size=4, max_size=6, unique=True))
def test_several_words_are_never_taken_for_one(words: list[str]) -> None:
    password = " ".join(words)
    assert len(password) >= PASSWORD_MIN
    assert not is_common(password)


def test_a_check_takes_less_than_a_millisecond() -> None:
    is_common("loaded once")
    begun = perf_counter()
    for n in range(200):
        is_common(f"a few words in a row {n}")
    assert perf_counter() - begun < 200 * 0.001


ANDROID = "Mozilla/5.0 (Linux; Android 9; SM-J330F) AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0", ("Firefox", "Linux")),
        (f"{ANDROID} Chrome/120.0.0.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (f"{ANDROID} SamsungBrowser/23.0 Chrome/115.0", ("Samsung Internet", "Android")),
        (f"{WINDOWS} Chrome/124.0 YaBrowser/24.6 Safari/537.36", ("Yandex Browser", "Windows")),
        (f"{WINDOWS} Chrome/124.0 Safari/537.36 Edg/124.0", ("Edge", "Windows")),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605.1.15", ("Safari", "macOS")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_called_by_its_own_name(agent: str, called: tuple[str, str]) -> None:
    assert browser_and_system(agent) == called


@given(st.text(max_size=200))
def test_whatever_a_browser_says_only_known_names_are_shown(agent: str) -> None:
    browser, system = browser_and_system(agent)
    assert (browser + system).isprintable()


def test_a_sign_in_is_named_by_a_piece_of_its_hash() -> None:
    assert reference("0123456789abcdef0123") == "0123456789abcdef"
