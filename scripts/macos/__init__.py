"""What people on macOS are given: an .app in a disk image, signed where there is a key."""
