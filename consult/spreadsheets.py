"""[pure] Tables as CSV (RFC 4180) that opens well, and harmlessly, in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # without it the usual programs take Cyrillic for something else
# OWASP, CSV Injection; wide letters are read like narrow ones
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its heading. None is an empty cell."""
    text = StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """Words that a spreadsheet would run as a formula get an apostrophe, which it does not show.

    A comment such as `=HYPERLINK(…)` must stay words.
    """
    if isinstance(value, str) and value.startswith(RUN_AS_FORMULA):
        return f"'{value}"
    return "" if value is None else value
