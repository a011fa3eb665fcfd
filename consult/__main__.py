"""`python -m consult`."""

from consult.cli.main import main

main()
