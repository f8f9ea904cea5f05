"""The icon in the desktop's tray: its menu, and what each system shows it by."""
