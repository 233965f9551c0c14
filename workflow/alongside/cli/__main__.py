"""`python -m alongside.cli`, where the command is not on the path."""

from alongside.cli import app

app()
