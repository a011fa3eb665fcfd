"""A report as one HTML page that needs nothing else: to be mailed, kept, read without a network."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from consult.reports.wording import Paper
from consult.templating import ROOT, STATIC


@cache
def _sheet() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(paper: Paper) -> bytes:
    """The page; equal papers give equal bytes."""
    style = Markup((STATIC / "css/mailed.css").read_text("utf-8"))  # noqa: S704 - our own
    page = _sheet().get_template("reports/mail/report.html")
    return page.render(paper=paper, labels=paper.labels, style=style).encode()
