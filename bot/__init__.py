"""The core: what a message means and what we answer."""
