"""Who pays for an exchange, where a provider lets the reply decide it: nobody pays for an answer that is none."""

from collections.abc import Iterable

from bot.model import Charge

REFUNDED = frozenset(
    {
        "choice.gone",
        "cmd.dym",
        "cmd.not_here",
        "cmd.not_offered",
        "error.generic",
        "lk.down",
        "lk.dym1",
        "lk.dymn",
        "lk.malformed",
        "lk.need_code",
        "lk.notfound",
        "lk.other_province",
        "lk.rate",
        "lk.wrong_digits",
        "log.down",
        "media.unread",
        "my.down",
        "my.none",
        "my.reprove",
        "my.unverified",
        "out_of_scope",
        "pa.cannot",
        "pa.limit",
        "pa.muted",
        "pa.no_draft",
        "pa.none",
        "pa.notfound",
        "pa.short",
        "photo.lost",
        "photo.nocode",
        "photo.petition",
        "proc.none",
        "queue.down",
        "queue.not_here",
        "unknown",
        "unsure",
    }
)
"""Templates that say: wrong syntax, nothing found, not possible now. All others answer what was asked."""


def charge_of(templates: Iterable[str]) -> Charge:
    """What replies by these templates do to the price of the text that they answer: one real answer is enough."""
    return Charge.REFUND if REFUNDED.issuperset(templates) else Charge.ANSWERED
