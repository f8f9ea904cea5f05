"""People, and how fast they may go."""
