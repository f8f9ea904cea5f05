"""The only folder that knows HTTP: guard, pages, api and live."""
