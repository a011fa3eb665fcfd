"""Reading plain text files: letters, then lines."""

from dataclasses import replace

from drafts.grammar.line import lines_of
from drafts.importing.encoding import decoded
from drafts.importing.source import SOFT, Line, Source


def read(data: bytes) -> Source:
    """The lines of a text file in UTF-8, UTF-16 with a mark, or windows-1251.

    Raises Invalid for any other encoding and for what is no text.
    """
    text = decoded(data)
    lines: list[Line] = []
    for line in lines_of(text):
        if lines and lines[-1].text.rstrip().endswith(SOFT):  # the word goes on in this line
            whole = lines[-1].text.rstrip() + line.text.lstrip()
            lines[-1] = replace(lines[-1], text=whole)
        else:
            lines.append(line)
    whole_words = tuple(replace(line, text=line.text.replace(SOFT, "")) for line in lines)
    return Source(whole_words, text.replace(SOFT, ""))
