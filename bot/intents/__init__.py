"""Intent → Outcome, one file per thing a person can ask; no I/O of their own."""

from bot.intents.deciding import decide
from bot.intents.events import asks_for_more
from bot.intents.late import late_answer
from bot.intents.settling import part_of_own, with_codes_settled

__all__ = ["asks_for_more", "decide", "late_answer", "part_of_own", "with_codes_settled"]
