"""[pure] How much of a file is read at most, so that a hostile one costs little. Figures only."""

from consult.errors import N_

MEBIBYTE = 2**20
MAX_BYTES = 20 * MEBIBYTE  # of the file itself
MAX_UNPACKED = 200 * MEBIBYTE  # of all parts of an archive together
MAX_XML = 60 * MEBIBYTE  # of those parts that are parsed
MAX_RATIO = 200  # unpacked to packed; documents reach 30
RATIO_FROM = 10 * MEBIBYTE  # smaller archives may be as repetitive as they like
MAX_PARTS = 2000
MAX_DEPTH = 200  # elements within elements; libxml2 itself stops at 256
MAX_NODES = 2_000_000  # elements and attributes; 250,000 words in Word have near a million
MAX_TAGS = 1_000_000  # of a page, the words between them counted as well
MAX_TEXT = 5_000_000  # characters
MAX_LINES = 50_000
MAX_COLUMNS = 200  # of a table
MAX_PATTERN = 100  # characters of what says how the numbers of a list look
MAX_FORMS = 100  # kinds of numbers not known that are told; there are not as many in the world

TOO_LONG = N_("The text is longer than {limit} lines. Import it in parts.")
TOO_MUCH = N_("This file holds more than can be read. Import it in parts.")
TOO_DEEP = N_("The file is nested too deeply to be read.")
