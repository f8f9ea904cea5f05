"""Packages for Linux distributions: what is in them, who makes them and who looks at them."""
