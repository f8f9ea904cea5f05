"""Hearth: a local chat hub whose database is text files."""

__version__ = "0.1.0"
