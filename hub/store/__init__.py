"""Text files on stable storage."""
