"""Which verifier an installation has. A national provider is one more line here, and its module."""

from collections.abc import Callable, Mapping
from pathlib import Path

from consult.accounts.esign.rules import Unusable, Verifier
from consult.accounts.esign.trusted import read_trusted
from consult.accounts.esign.verifying import CmsVerifier
from consult.config import Settings
from consult.errors import Invalid


def cms_verifier(settings: Settings) -> CmsVerifier:
    """Read anew each time, so that a list that came in the night counts; raises Invalid."""
    lists = Path(settings.esign_crls) if settings.esign_crls else None
    trusted = read_trusted(Path(settings.esign_roots), lists)
    return CmsVerifier(trusted, settings.esign_algorithms.split(), settings.esign_subject)


PROVIDERS: Mapping[str, Callable[[Settings], Verifier]] = {"cms": cms_verifier}


def verifier_of(settings: Settings) -> Verifier:
    """What checks signatures here; raises Unusable where it is not set up as it must be."""
    try:
        return PROVIDERS[settings.esign_provider](settings)
    except (Invalid, KeyError) as wrong:
        raise Unusable from wrong
