"""[pure] The HTML that other sites put onto their pages to show a widget of this one."""

from html import escape
from typing import NamedTuple

WIDEST = 1200  # pixels: what the widgets are made for
# Links may leave the frame for the whole window; nothing else of the other site can be reached.
SANDBOX = "allow-top-navigation-by-user-activation allow-same-origin"


class Size(NamedTuple):
    """In pixels."""

    width: int
    height: int


AGENCY = Size(800, 1000)
DRAFT = Size(600, 260)


def fitted(size: Size, most_wide: int | None, most_high: int | None) -> Size:
    """The size within what there is room for."""
    return Size(min(size.width, most_wide or WIDEST), min(size.height, most_high or size.height))


def frame(url: str, title: str, width: int | str, height: int) -> str:
    """A frame with its name, which is read out in place of what is in it."""
    return (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="{width}" height="{height}" '
        f'loading="lazy" sandbox="{SANDBOX}" style="border: 0"></iframe>'
    )


def snippet(embed_url: str, page_url: str, title: str, height: int) -> str:
    """What a webmaster pastes: the frame, and a plain link for whoever sees no frames."""
    return (
        f"{frame(embed_url, title, '100%', height)}\n"
        f'<p><a href="{escape(page_url)}">{escape(title)}</a></p>'
    )
