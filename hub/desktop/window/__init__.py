"""The native window: its toolkit, place, menus, links, downloads and permissions."""
