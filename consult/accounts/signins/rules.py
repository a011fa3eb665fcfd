"""[pure] Rules of sign-ins: how a browser is called, how one of them is named in a form."""

from datetime import timedelta

from consult.errors import Invalid

UNDO_LIFE = timedelta(days=7)  # how long an old address may take a change back

REFERENCE = 16  # letters of a hash by which a form names a sign-in

# What a browser says of itself names its forebears too: the first that fits is the one it is.
BROWSERS = (
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("Opera Mini", "Opera Mini"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_and_system(agent: str) -> tuple[str, str]:
    """("Firefox", "Android") of what a browser says it is (User-Agent); "" for what is unknown."""
    return _first(BROWSERS, agent), _first(SYSTEMS, agent)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in names if sign in agent), "")


def reference(token_hash: str) -> str:
    """How a form names a sign-in among those of one person: it signs nobody in."""
    return token_hash[:REFERENCE]


def check_new_address(email: str, *, old: str | None) -> None:
    """Another address than the present one; raises Invalid."""
    if email == old:
        raise Invalid("This is your address already.", field="email")
