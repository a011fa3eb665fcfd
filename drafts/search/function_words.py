"""[pure] Words that serve grammar only, as data; a query that has others is not asked for these."""

from drafts.search.analyzers import fold

_KY = "жана менен үчүн боюнча жөнүндө эле же бул ал да деп эмес тууралуу карата"
_KK = "және мен пен бен үшін туралы бойынша немесе осы бұл ол де деп емес жөніндегі"
_RU = "и в во на о об от по с со к ко у из за для до при не или как что это его"
_EN = "the a an and or of in on to for by with from at as is are be that this it"

FUNCTION_WORDS = frozenset(fold(f"{_KY} {_KK} {_RU} {_EN}").split())
