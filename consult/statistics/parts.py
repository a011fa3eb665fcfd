"""[pure] The names of the parts that figures divide into, beside those other features name."""

SUBJECTS = ("draft", "provision", "comment")  # of a vote
NOT_SHOWN = ("withdrawn", "disavowed", "hidden", "held")
STANDINGS = ("on_time", "late", "overdue", "to_come")  # of a duty
SUBSTANCE = ("substantive", "wording")
PARTICIPANTS = ("person", "organisation")
WAYS = ("commented", "only_voted")  # of taking part
ACCOUNTS = ("own", "entered")  # who spoke on this site, whose words an officer entered
KNOWN = ("identified", "unidentified")  # whether it is known who a person is
IDENTITIES = (*KNOWN, "organisation")  # nobody identifies those
ABOUT = ("region", "age_band", "gender")  # what a person may have said of themselves
ORGANISATION = "(organisation)"  # of people by what they said of themselves
YES = "yes"
KEPT, SHORT = "kept", "short"  # whether a term was as long as the law asks for; "" where not known
