"""Builds what keeps the files of petitions."""

from collections.abc import Coroutine
from typing import Any

from bot.attachments.drawing import Drawer
from bot.attachments.folder import AttachmentFolder
from bot.attachments.keeping import Attachments
from bot.attachments.kinds import LARGEST
from bot.attachments.sweeping import FileSweeper, KnownFiles
from bot.logs import Log
from bot.model import ChannelName
from bot.photos.download import Download, DownloadRules
from bot.photos.folder import PhotoFolder
from bot.photos.linked import LinkedPhotos
from bot.photos.source import PhotoSource
from bot.privacy import Keyring
from bot.settings import Settings

FOLDER_NAME = "attachments"


class AttachmentParts:
    """Of one process."""

    def __init__(self, settings: Settings, keyring: Keyring, received: PhotoFolder, log: Log) -> None:
        """*received* holds what people sent to us directly."""
        rules = DownloadRules(
            hosts=settings.photos.zalo_hosts, loopback=settings.photos.allow_loopback, most_octets=LARGEST
        )
        self.sources: dict[ChannelName, PhotoSource] = {
            ChannelName.ZALO: LinkedPhotos(Download(rules)),
            ChannelName.WEBCHAT: received,
        }
        """Channels add their own."""
        folder = AttachmentFolder(settings.data_dir / FOLDER_NAME, keyring)
        self._folder, self._log = folder, log
        self.keeper = Attachments(folder, sources=self.sources, drawer=Drawer(), log=log)

    def sweep(self, book: KnownFiles) -> Coroutine[Any, Any, None]:
        """Deletes what nothing needs, until cancelled."""
        return FileSweeper(self._folder, book, self._log).run()
