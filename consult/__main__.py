"""`python -m consult`, and the command `consult`.

Whoever stops it (Ctrl-C) while it is still loading, which takes seconds, is not shown where it was.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until everything is loaded

from consult.cli.main import main  # noqa: E402


def run() -> None:
    """Run a command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


if __name__ == "__main__":
    run()
