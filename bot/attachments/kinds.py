"""Which kinds of file are kept, known by their first octets; what they are called says nothing."""

MEGABYTE = 1024 * 1024
JPEG, PNG, PDF, MP4 = "image/jpeg", "image/png", "application/pdf", "video/mp4"
PICTURES = frozenset({JPEG, PNG})
MOST_OCTETS = {JPEG: 10 * MEGABYTE, PNG: 10 * MEGABYTE, PDF: 10 * MEGABYTE, MP4: 20 * MEGABYTE}
LARGEST = max(MOST_OCTETS.values())
MOST_FILES, MOST_VIDEOS = 5, 1
"""Of one petition; the video comes besides."""
_STARTS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"})
_BRAND = slice(8, 12)


def media_type(octets: bytes) -> str:
    """What a file is; "" for every other kind: archives, office files, SVG, programs."""
    for start, kind in _STARTS:
        if octets.startswith(start):
            return kind
    is_mp4 = octets[4:8] == b"ftyp" and octets[_BRAND] in _BRANDS
    return MP4 if is_mp4 else ""
