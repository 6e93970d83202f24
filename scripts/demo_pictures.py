#!/usr/bin/env python3
"""Takes the pictures of docs/demo.md out of executed notebooks.

Usage: demo_pictures.py [EXPORT]   EXPORT is a folder of exports/ (default: the newest that holds executed notebooks)
"""

import base64
import json
import re
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
MENTION = re.compile(r"!\[[^\]]*\]\(pictures/(?P<stem>[a-z0-9-]+)-(?P<number>\d+)\.png\)")
MOST_BYTES = 1_000_000


def executed() -> Path:
    """The folder with the executed notebooks."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1]) / "notebooks"
    found = sorted(p for p in (ROOT / "exports").glob("*/notebooks") if p.is_dir())
    if not found:
        sys.exit("demo_pictures: no executed notebooks in exports/; remedy: fresh-clone run")
    return found[-1]


def pictures(notebook: Path) -> list[bytes]:
    """Its pictures, in the order in which they appear."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    data = [output.get("data", {}).get("image/png") for cell in cells for output in cell.get("outputs", [])]
    return [base64.b64decode("".join(one)) for one in data if one]


def lean(png: bytes) -> bytes:
    """The same pixels, packed as well as zlib can, without texts about who made them."""
    out, at, pixels = [png[:8]], 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            pixels += png[at + 8 : at + 8 + length]
        elif kind == b"IEND":
            out.append(_chunk(b"IDAT", zlib.compress(zlib.decompress(pixels), 9)))
            out.append(_chunk(b"IEND", b""))
        elif kind not in (b"tEXt", b"zTXt", b"iTXt", b"tIME"):
            out.append(png[at : at + 12 + length])
        at += 12 + length
    return b"".join(out)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def main() -> None:
    wanted = {m.group(0).split("(")[1][9:-1]: m for m in MENTION.finditer((ROOT / "docs" / "demo.md").read_text(encoding="utf-8"))}
    source, made = executed(), {}
    for name, mention in sorted(wanted.items()):
        found = sorted(source.glob(f"*/{mention['stem']}.ipynb"))
        if not found:
            sys.exit(f"demo_pictures: no notebook '{mention['stem']}' in {source}; remedy: run the profile that has it, or mend docs/demo.md")
        shown = pictures(found[0])
        number = int(mention["number"])
        if not 1 <= number <= len(shown):
            sys.exit(f"demo_pictures: '{mention['stem']}' has {len(shown)} pictures, docs/demo.md shows number {number}")
        made[name] = lean(shown[number - 1])
    total = sum(map(len, made.values()))
    if total > MOST_BYTES:
        sys.exit(f"demo_pictures: the pictures take {total} bytes, at most {MOST_BYTES} are meant; remedy: show fewer")
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        if old.name not in made:
            old.unlink()
    for name, png in made.items():
        (PICTURES / name).write_bytes(png)
    print(f"{len(made)} pictures, {total // 1000} kB, from {source.parent.name}")


main()
