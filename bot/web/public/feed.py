"""The petitions released last, as RSS 2.0 (https://www.rssboard.org/rss-specification)."""

from collections.abc import Iterator, Mapping, Sequence
from email.utils import format_datetime
from html import escape

from bot.clock import VIETNAM
from bot.petitions.categories import PetitionCategory, category_of
from bot.store.port_public import PublicPetition
from bot.web.public.georeport import HEAD, STATES
from bot.web.public.plain import plain, without_people

MOST = 50
LONGEST_TITLE = 90


def rss(
    found: Sequence[PublicPetition], categories: Mapping[str, PetitionCategory], *, title: str, address: str
) -> bytes:
    """The feed, UTF-8. *address* is where this gateway is served, without a slash at its end."""
    lines = [
        HEAD,
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
        "<channel>",
        _line("title", title),
        _line("link", f"{address}/public/"),
        _line("description", "Phản ánh, kiến nghị được công khai"),
        "<language>vi</language>",
        f'<atom:link href="{escape(address)}/public/open311/requests.rss" rel="self" type="application/rss+xml"/>',
    ]
    if found:
        lines.append(_line("lastBuildDate", format_datetime(max(item.released_at for item in found))))
    for item in found:
        lines += _item(item, categories, address)
    return "\n".join([*lines, "</channel>", "</rss>"]).encode()


def _item(found: PublicPetition, categories: Mapping[str, PetitionCategory], address: str) -> Iterator[str]:
    category, text = category_of(categories, found.category).name, plain(found.text)
    answer = without_people(found.answer)
    state = STATES[found.state]
    told = f"{text}\n\n{state}: {answer}" if answer else f"{text}\n\n{state}."
    yield "<item>"
    yield _line("title", _cut(text))
    yield _line("link", f"{address}/public/petitions/{found.code}")
    yield f'<guid isPermaLink="false">{escape(found.code)}</guid>'
    yield _line("pubDate", format_datetime(found.released_at.astimezone(VIETNAM)))
    yield _line("category", category)
    yield _line("description", escape(told).replace("\n", "<br>"))
    yield "</item>"


def _line(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"
