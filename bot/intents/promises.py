"""Late answers are promised only as far as they will be kept: few for each person."""

from collections.abc import Collection, Sequence

from bot.intent import MOST_PROMISES, Outcome, PromiseAnswer, Reply


def only_promises_with_room(
    outcomes: Sequence[Outcome], owed: Collection[str], *, can_be_told: bool = True
) -> list[Outcome]:
    """*outcomes* of one message, each with ``promised`` among the values of its reply; *owed* are the codes already promised.
    Whoever cannot be told anything later is promised nothing.
    """
    codes = set(owed)
    settled = []
    for outcome in outcomes:
        wanted = {write.code for write in outcome.writes if isinstance(write, PromiseAnswer)}
        promised = can_be_told and bool(wanted) and len(codes | wanted) <= max(MOST_PROMISES, len(codes))
        if promised:
            codes |= wanted
        writes = tuple(write for write in outcome.writes if promised or not isinstance(write, PromiseAnswer))
        replies = tuple(Reply(reply.template, reply.values | {"promised": promised}) for reply in outcome.replies)
        settled.append(Outcome(replies, writes))
    return settled
