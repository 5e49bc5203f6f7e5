"""Telegram: the Bot API through ``telegram.Bot``, over our own HTTP."""
