"""The aiohttp application: health, hooks, pages."""
