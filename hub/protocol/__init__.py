"""What clients and the hub say to each other; knows no room, no file and no socket."""
