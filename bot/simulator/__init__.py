"""``/simulator``: a phone, Zalo, Telegram and the web chat side by side, played against the real gateway on this machine."""
