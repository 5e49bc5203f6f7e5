"""Zalo Official Account: a channel whose provider calls us, with tokens that live a day."""
