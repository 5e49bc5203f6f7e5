"""Intent → Outcome, one file per thing a person can ask; no I/O of their own."""

from bot.intents.deciding import decide
from bot.intents.late import late_answer

__all__ = ["decide", "late_answer"]
