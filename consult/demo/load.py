"""Loads the demonstration state through the same actions as everybody uses."""

from consult.platform import Platform


def load_demo(platform: Platform) -> None:
    """stub"""


def sign_ins() -> str:
    return ""
