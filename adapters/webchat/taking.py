"""What to make of a frame, whatever road it came on: stored, noted, or refused in words that the page understands."""

from typing import Any

from adapters.webchat import frames
from adapters.webchat.arrivals import Arrivals, NotHere
from adapters.webchat.sessions import Session
from bot.errors import StoreError

STORE_PAUSE = 2
"""Seconds after which a browser tries again when the store refused."""


class Taking:
    """Takes frames one after the other."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    async def take(self, frame: frames.Frame, session: Session) -> dict[str, Any]:
        """Store what came; what to tell the browser of it, empty when there is nothing to tell."""
        frame_id = frame.id if isinstance(frame, frames.Said) else None
        try:
            match frame:
                case frames.Said():
                    await self._arrivals.said(frame, session)
                    return frames.stored(frame.id)
                case frames.Seen():
                    await self._arrivals.seen(frame, session)
                    return {}
                case frames.Hello():
                    return frames.refused("kind")
        except NotHere:
            return frames.refused("kind", frame_id)
        except StoreError:
            return frames.refused("store", frame_id, STORE_PAUSE)
