"""Files that people send: what they are called, what they are, and what of them is shown."""
