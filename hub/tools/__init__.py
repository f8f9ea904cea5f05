"""Tools that work on a folder: import, verify, reset the host."""
