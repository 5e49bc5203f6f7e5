"""Texts of messages as the desk edits them: what is sent, and what waits for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """One edited template. Only ``used`` is ever sent."""

    file: str
    """``vi/sms/st.4.j2``."""
    used: str = ""
    """"" for what ships."""
    waiting: str = ""
    """The next version, until somebody else approves it; "" for none."""
    written_by: int | None = None
    approved_by: int | None = None


def used_of(edits: tuple[TextEdit, ...]) -> Mapping[str, str]:
    """What is sent in place of what ships."""
    return {edit.file: edit.used for edit in edits if edit.used}
