"""``[photos]``: where photos of receipts may be fetched from."""

from typing import Annotated

from pydantic import Field

from bot.settings_types import Section

HostName = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class PhotosSection(Section):
    """Channels that give links name hosts; those that keep photos themselves need nothing here."""

    zalo_hosts: tuple[HostName, ...] = ("zdn.vn", "zadn.vn")
    allow_loopback: bool = False
