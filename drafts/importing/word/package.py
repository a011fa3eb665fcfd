"""Opening a Word file: the archive, its main part and the parts related to that.

python-docx is not used for this: it fails with whatever error a damaged package provokes, and
loads every picture. Only archives that guard.check has let through may come here.
"""

import posixpath
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from consult.errors import Unsupported
from drafts.importing.guard.archives import BROKEN

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # ISO 29500 Strict says the same
USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FAILURES = (
    *(zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError),
    *(EOFError, KeyError, LookupError, NotImplementedError, OSError, ValueError),
)


class Package:
    """The XML parts of one document."""

    def __init__(self, data: bytes) -> None:
        """Raises Unsupported for a damaged file."""
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
            self.main = self._target("_rels/.rels", "", "officeDocument")
            self.document = self._parsed(self.main)
        except FAILURES as error:
            raise Unsupported(BROKEN, field="file") from error

    def related(self, kind: str) -> etree._Element | None:
        """A part the main one is related to ("numbering", "styles"), if there is one.

        Raises Unsupported for a damaged file.
        """
        folder, name = posixpath.split(self.main)
        try:
            target = self._target(f"{folder}/_rels/{name}.rels", folder, kind)
            return self._parsed(target)
        except KeyError:
            return None
        except FAILURES as error:
            raise Unsupported(BROKEN, field="file") from error

    def _target(self, relations: str, folder: str, kind: str) -> str:
        for relation in self._parsed(relations):
            if relation.get("Type", "").endswith(f"/{kind}"):
                return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[
                    1:
                ]
        raise KeyError(kind)

    def _parsed(self, part: str) -> etree._Element:
        return etree.fromstring(self.archive.read(part).replace(STRICT, USUAL), PARSER)
