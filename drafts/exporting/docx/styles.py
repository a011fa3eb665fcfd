"""[pure] The styles of the Word files written here. They number nothing: numbers are printed words.

Names are those Word itself uses, so that it shows them in the language of its user.
"""

from dataclasses import dataclass

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT = "Times New Roman"  # on every machine, with all letters of Kyrgyz and Kazakh
HEADINGS = 6
LISTS = 3
INDENT = 454  # twips, 8 mm: a level of a list
LABEL = 454  # twips that a label hangs to the left


@dataclass(frozen=True, slots=True)
class Style:
    """One style; `paragraph` and `run` are its properties as XML."""

    id: str
    name: str
    paragraph: str = ""
    run: str = ""
    based_on: str = "Normal"
    next: str = ""
    kind: str = "paragraph"

    @property
    def xml(self) -> str:
        default = ' w:default="1"' if self.id == "Normal" else ""
        based = f'<w:basedOn w:val="{self.based_on}"/>' if self.based_on else ""
        after = f'<w:next w:val="{self.next}"/>' if self.next else ""
        own = (f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else "") + (
            f"<w:rPr>{self.run}</w:rPr>" if self.run else ""
        )
        return (
            f'<w:style w:type="{self.kind}" w:styleId="{self.id}"{default}>'
            f'<w:name w:val="{self.name}"/>{based}{after}<w:qFormat/>{own}</w:style>'
        )


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _heading(level: int) -> Style:
    centred = '<w:jc w:val="center"/>' if level <= 2 else '<w:jc w:val="left"/>'
    space = f'<w:spacing w:before="{360 if level <= 2 else 240}" w:after="120"/>'
    outline = f'<w:outlineLvl w:val="{level - 1}"/>'
    before = "<w:keepNext/><w:keepLines/><w:suppressAutoHyphens/>"
    run = "<w:b/><w:bCs/>" + _size(14 if level == 1 else 13 if level == 2 else 12)
    return Style(
        f"Heading{level}",
        f"heading {level}",
        f"{before}{space}{centred}{outline}",
        run,
        next="BodyText",
    )


def _indented(name: str, level: int, hanging: int) -> Style:
    number = "" if level == 1 else str(level)
    left = INDENT * (level - 1) + LABEL
    label = f' w:hanging="{hanging}"' if hanging else ""
    return Style(
        f"{name.replace(' ', '')}{number}",
        f"{name} {number}".strip(),
        f'<w:ind w:left="{left}"{label}/>',
        based_on="BodyText",
    )


STYLES = (
    Style("Normal", "Normal", '<w:spacing w:after="0"/>', based_on=""),
    Style(
        "BodyText",
        "Body Text",
        '<w:widowControl/><w:spacing w:after="120" w:line="264" w:lineRule="auto"/>'
        '<w:jc w:val="both"/>',
    ),
    Style(
        "Title",
        "Title",
        '<w:keepNext/><w:spacing w:after="120"/><w:jc w:val="center"/>',
        "<w:b/><w:bCs/>" + _size(14),
        next="BodyText",
    ),
    *(_heading(level) for level in range(1, HEADINGS + 1)),
    *(_indented("List", level, LABEL) for level in range(1, LISTS + 1)),
    *(_indented("List Continue", level, 0) for level in range(1, LISTS + 1)),
    Style("Caption", "caption", '<w:keepNext/><w:spacing w:before="120" w:after="60"/>', "<w:b/>"),
    Style("TableText", "Table Text", '<w:spacing w:before="20" w:after="20"/>', _size(10)),
    Style("Note", "Note", '<w:spacing w:after="80"/><w:jc w:val="both"/>', _size(10)),
    Style("TOC1", "toc 1", '<w:spacing w:after="40"/>', _size(11)),
    Style(
        "Header",
        "header",
        '<w:spacing w:after="160"/><w:contextualSpacing/><w:jc w:val="center"/>',
        _size(9),
    ),
    Style("Footer", "footer", "", _size(9)),
    Style("CommentText", "annotation text", '<w:spacing w:after="60"/>', _size(10)),
    Style("CommentReference", "annotation reference", "", _size(8), "", kind="character"),
)


def styles_xml(tag: str) -> str:
    """The styles, with the language of the text; text that has no style of its own is Normal."""
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    default = f'<w:rFonts {fonts}/>{_size(12)}<w:lang w:val="{tag}" w:eastAsia="{tag}"/>'
    return (
        f'<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{default}</w:rPr>'
        f"</w:rPrDefault></w:docDefaults>{''.join(style.xml for style in STYLES)}</w:styles>"
    )


def settings_xml(tag: str) -> str:
    """What Word is told about the file: that it is of today, and in what language it is."""
    mode = (
        '<w:compatSetting w:name="compatibilityMode" w:val="15"'
        ' w:uri="http://schemas.microsoft.com/office/word"/>'
    )
    return (
        f'<w:settings xmlns:w="{MAIN}"><w:defaultTabStop w:val="{INDENT}"/>'
        f'<w:compat>{mode}</w:compat><w:themeFontLang w:val="{tag}"/></w:settings>'
    )
