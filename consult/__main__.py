"""`python -m consult`."""

from consult.cli import main

main()
