"""What is done to a folder while no hub serves it."""
