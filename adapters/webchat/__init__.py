"""The web chat: a page that can be embedded into the portal, and the kiosk at a counter."""
