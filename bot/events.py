"""What people do besides writing: press a button, send a photograph, share a number, leave. The same on every channel."""

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button of ours was pressed: it means the command that its action stands for."""

    action: str
    """``verb:id[:argument]``, at most 64 octets."""


@dataclass(frozen=True, slots=True)
class Photo:
    """Photographs came, perhaps of a receipt; a caption is the text of the message."""

    references: tuple[str, ...]
    """Of each picture: a web address, or the channel's own name of the file."""


@dataclass(frozen=True, slots=True)
class PhotoLost:
    """Photographs came and none could be had: gone, too big, from where none may come. Put in the place of ``Photo`` by us."""


@dataclass(frozen=True, slots=True)
class FileSent:
    """A video or a document; a caption is the text of the message."""

    kind: str
    """``video``, ``file``: as the channel calls it, its content is looked at later."""
    references: tuple[str, ...]
    """As those of ``Photo``."""


@dataclass(frozen=True, slots=True)
class LocationShared:
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class PhoneShared:
    """The channel itself proved that this number is the sender's own; a number that is only typed proves nothing."""

    phone: str
    """MSISDN, digits only."""


@dataclass(frozen=True, slots=True)
class PhoneClaimed:
    """A number given on a form of the channel that people can edit: it proves nothing before a code sent there comes back."""

    phone: str
    """MSISDN, digits only."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The person began to talk to us, or came back."""

    payload: str = ""
    """What the link said that led here."""


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked us, or follows no more: nothing can be sent."""


@dataclass(frozen=True, slots=True)
class Withdrew:
    """The person took back the agreement to the use of personal data: everything of this person is erased."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An officer answers by hand: we keep quiet to this person."""

    until: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A rating given on a form of the channel."""

    score: int
    """1 (very dissatisfied) to 5 (very satisfied)."""
    reference: str = ""
    """What we sent with the request, to know what is rated."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Something that we cannot read."""

    kind: str
    """``sticker``, ``voice``, ``video``, ``file``, ``card``."""


@dataclass(frozen=True, slots=True)
class InGroup:
    """Written where others read along: nothing of a dossier may be said there."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The text replaces an earlier one of the same person."""

    message: str = ""
    """The ``reply_key`` of the one that it replaces."""


Event = (
    ButtonPressed
    | Photo
    | PhotoLost
    | FileSent
    | LocationShared
    | PhoneShared
    | PhoneClaimed
    | Joined
    | Left
    | Withdrew
    | TakenOver
    | Scored
    | OutOfReach
    | InGroup
    | Edited
)

_SHAPES: dict[str, TypeAdapter[Event]] = {
    shape.__name__: TypeAdapter(shape)
    for shape in (
        ButtonPressed,
        Photo,
        PhotoLost,
        FileSent,
        LocationShared,
        PhoneShared,
        PhoneClaimed,
        Joined,
        Left,
        Withdrew,
        TakenOver,
        Scored,
        OutOfReach,
        InGroup,
        Edited,
    )
}


def stored(event: Event) -> bytes:
    """*event* as JSON, to be sealed: it may hold a number or a place."""
    return orjson.dumps([type(event).__name__, asdict(event)])


def restored(octets: bytes) -> Event:
    """What ``stored`` made. Raises ``ValueError`` for anything else."""
    name, fields = orjson.loads(octets)
    return _SHAPES[name].validate_python(fields)
