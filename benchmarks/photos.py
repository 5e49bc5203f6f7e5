"""How many photographed receipts are read, by symbology and by how wide the code is, and what a photo costs.

Every photo is turned (all around), tilted by 20°, blurred by 1.5 pixels, at 35 % of the light, JPEG quality 40.
Run: ``python -m benchmarks.photos [--photos 20]``.
"""

import argparse
import asyncio
import resource
import time
from datetime import date

from bot.photos.decoder import Decoder
from tests.receipts import Shot, photograph, shots

TODAY = date(2026, 7, 1)
SHORT, LONG = "H05.12-260610-0001", "000.00.12.H05-260610-0001"
LINK = f"https://dichvucong.example.vn/tra-cuu?MHS={LONG}&SGT=001099012345"
SERIES = (
    ("qr", LINK, (0.15, 0.25)),
    ("datamatrix", LONG, (0.15, 0.25)),
    ("code128", SHORT, (0.25, 0.3, 0.4)),
    ("code128", LONG, (0.3, 0.4, 0.5)),
    ("code39", SHORT, (0.3, 0.4, 0.5)),
    ("code39", LONG, (0.5, 0.6)),
)


async def read(photos: list[bytes]) -> tuple[int, float, float]:
    """How many gave a code, and the mean and longest time in seconds, the process included."""
    decoder, took, good = Decoder(seconds=30), [], 0
    for photo in photos:
        began = time.perf_counter()
        good += bool((await decoder.look(photo, TODAY)).codes)
        took.append(time.perf_counter() - began)
    return good, sum(took) / len(took), max(took)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20, help="of each row")
    count = parser.parse_args().photos
    print(f"photos of {Shot(content='').size[0]} x {Shot(content='').size[1]} pixels")
    print("symbology   characters  width of the code    read    mean s  longest s  CPU s a photo")
    for symbology, content, shares in SERIES:
        for share in shares:
            photos = [photograph(shot) for shot in shots(content, symbology, count, seed=20, share=share)]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            good, mean, longest = asyncio.run(read(photos))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{symbology:<11} {len(content):>10}  {share:>16.0%}  {good:>3} of {count:<3} {mean:>6.2f} {longest:>10.2f} {cpu / count:>14.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
