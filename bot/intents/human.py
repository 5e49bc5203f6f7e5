"""A person wants an officer: the conversation begins, and while an officer has it the bot keeps quiet but for codes, TC and TG."""

from bot.conversations import Conversation, ConversationState, KeepConversation
from bot.conversing import Request, alert, asked, heard
from bot.intent import (
    AskForHelp,
    Happened,
    Intent,
    LookUpDossier,
    LookUpLog,
    NotUnderstood,
    Outcome,
    Reply,
    ResumeNotices,
    StopNotices,
)
from bot.intents.world import World
from bot.officers import AgencyKind
from bot.petitions.around import Around
from bot.petitions.record import Severity
from bot.wishes import OutOfScope, PetitionStatus, TalkToPerson, Wish

BOT_ANSWERS = (StopNotices, ResumeNotices, AskForHelp)
"""Also while an officer has the conversation."""
LEFT_FOR_OFFICER = (NotUnderstood, OutOfScope)
"""What a person writes who waits for an officer."""
NEVER_IN_THREAD = (LookUpDossier, LookUpLog, Happened)
"""The commonest of all, answered without asking whether there is a conversation."""


async def ask_for_officer(wish: TalkToPerson, world: World) -> Outcome:
    """Begin one, or say when the one that is under way will be answered."""
    around = await world.petitions.around(world.now)
    running = await world.petitions.conversation()
    if running is not None:
        after = _heard(running, world, around)
        return _promised(after, KeepConversation(before=running, after=after))
    code = await world.petitions.new_conversation_code()
    dossier = wish.codes[0] if wish.codes else world.contact.last_code
    agency = _agency_of(dossier, around)
    request = Request(code=code, person=world.contact.home, here=world.reached_here, agency=agency, dossier=dossier)
    conversation, told = asked(request, world.now, around.calendar_of(agency))
    return _promised(conversation, KeepConversation(before=None, after=conversation, alerts=(told,)))


async def beside_officer(intent: Intent, world: World) -> Outcome | None:
    """What is done with a message of somebody whom an officer writes with; None: what is done with any other."""
    if isinstance(intent, (*NEVER_IN_THREAD, TalkToPerson)):
        return None
    running = await world.petitions.conversation()
    if running is None or _bot_answers(intent, running):
        return None
    around = await world.petitions.around(world.now)
    after = _heard(running, world, around)
    news = alert(after, f"reply:{world.now:%Y%m%d%H%M}", Severity.S3)
    return Outcome((), (KeepConversation(before=running, after=after, alerts=(news,)),))


def _bot_answers(intent: Intent, running: Conversation) -> bool:
    if isinstance(intent, BOT_ANSWERS) or (isinstance(intent, PetitionStatus) and intent.petition_code):
        return True
    if isinstance(intent, Wish) and intent.codes:
        return True
    return running.state is not ConversationState.TAKEN and not isinstance(intent, LEFT_FOR_OFFICER)


def _heard(running: Conversation, world: World, around: Around) -> Conversation:
    return heard(running, world.reached_here, world.now, around.calendar_of(running.agency))


def _agency_of(dossier: str | None, around: Around) -> str:
    """The reception of the dossier's agency where the desk knows it; else the province's."""
    head = dossier.partition("-")[0] if dossier else ""
    if head in around.agencies and around.agencies[head].is_open:
        return head
    receptions = (code for code, agency in around.agencies.items() if agency.kind is AgencyKind.RECEPTION)
    return next(receptions, "")


def _promised(conversation: Conversation, write: KeepConversation) -> Outcome:
    """Until when somebody answers."""
    return Outcome((Reply("human", {"at": conversation.promised_at}),), (write,))
