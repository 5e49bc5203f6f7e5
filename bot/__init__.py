"""The core: what a message means and what we answer."""

__version__ = "0.1.0"
