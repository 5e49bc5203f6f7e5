"""What a reply must carry back to its provider."""

from dataclasses import asdict, dataclass

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyKey:
    """Travels with a text through the gateway and comes back with the reply."""

    waiter: str
    """Which open response waits for it."""
    request_id: str
    keyword: str
    operator: str

    def written(self) -> str:
        """As it is stored."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def read(cls, stored: str) -> "ReplyKey | None":
        """What ``written`` made; None for "" : the text answers none of this account."""
        return cls(**orjson.loads(stored)) if stored else None
