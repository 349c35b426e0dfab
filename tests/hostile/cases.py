"""What a hostile server may answer, made from a number: the same number gives the same answer."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple

CANARY = "c4n4ry!"

# Values as they are spelled on the wire. What is no JSON is here as well.
ODD_VALUES = [
    *("null", "true", "false", "0", "1", "-1", "-0", "-0.0", "1.5", "2.0", '""', "[]", "{}"),
    *("NaN", "Infinity", "-Infinity", "nan", "01", "+1", ".5", "1.", "0x10", "1_000", "None"),
    *("1e999999999", "-1e999999999", "1e-999999999", "1E400", "1e99999999999999999999"),
    *(str(2**63), str(-(2**64)), "9" * 5_000, "-" + "9" * 5_000, "0." + "3" * 5_000),
    *(
        '"1e999999999"',
        '"NaN"',
        '"sNaN"',
        '"-Infinity"',
        '"1_0"',
        '"\N{ARABIC-INDIC DIGIT THREE}"',
        f'"{"9" * 5_000}"',
    ),
    *(r'"\ud800"', r'"\udc00 c4n4ry!"', r'"\u0000"', '"\x00"', '"\n"', r'"\x41"', '"\N{BOM}"'),
    *(
        '"0000-00-00"',
        '"2024-02-30"',
        '"9999-12-31 23:59:59.9999999"',
        '"0001-01-01T00:00:00+23:59"',
    ),
    *(
        '"2024-01-01T25:61:61Z"',
        '"2024-01-01 00:00:00+99:99"',
        '"2024-01-01 00:00:00.' + "1" * 5_000 + '"',
    ),
    *(f'"{CANARY}"', f'["{CANARY}"]', f'{{"{CANARY}": "{CANARY}"}}', f'[{{"id": "{CANARY}"}}]'),
    *(f'"{"x" * 50_000}{CANARY}"', f"'{CANARY}'", f"/*{CANARY}*/1", '{"a": 1, "a": 2}'),
    *("[[[[[[[[]]]]]]]]", "[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" * 50_000),
    *('"https://elsewhere.example/?c4n4ry!"', '"//elsewhere.example/?c4n4ry!"', '"/2.0/x?c4n4ry!"'),
    *('"/2.0/../x"', '"http://[::1"', '"/2.0/%2e%2e/x"', '"?offset=1"', '"javascript:c4n4ry!"'),
    *(f"[{'0,' * 2_000}0]", f"[{'{},' * 500}{{}}]", f'["{CANARY}", ' + "[], " * 500 + "0]"),
]
ODD_BODIES = [
    *(
        b"",
        b" ",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"null",
        b"0",
        b"[]",
        b"{}",
        b'"',
        b"[",
        b"{",
    ),
    b"<!doctype html><title>c4n4ry!</title>",
    b'{"c4n4ry!": "c4n4ry!"',
    b'"c4n4ry!"',
    b'["c4n4ry!"]',
    b"c4n4ry!",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"[" * 5_000 + b"]" * 5_000,
    b"9" * 100_000,
    b'"' + b"\\u0000" * 10_000 + b'"',
    b"\x1f\x8b",
    bytes(range(256)),
]
# Answers of an error, to be made worse.
ERROR = {
    "code": f"wrongpass {CANARY}",
    "description": f"refused {CANARY}",
    "message": CANARY,
    "request_id": f"{CANARY}-1",
}
STATUSES = [
    *(
        201,
        202,
        204,
        205,
        206,
        226,
        299,
        300,
        301,
        302,
        303,
        304,
        307,
        308,
        400,
        401,
        402,
        403,
        404,
    ),
    *(408, 409, 410, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599),
]
ENCODINGS = [
    *(b"gzip", b"GZIP", b" gzip ", b"x-gzip", b"identity", b"", b"br", b"deflate", b"zstd"),
    *(b"gzip, gzip", b"gzip;q=1", b"c4n4ry!", b"\xff", b"g" * 5_000),
]
RETRY_AFTER = [
    *(
        b"-1",
        b"nan",
        b"inf",
        b"-inf",
        b"99999999999",
        b"1e400",
        b"1e-400",
        b"0",
        b"-0",
        b"",
        b"1_0",
    ),
    *(
        b"9" * 5_000,
        b"0x10",
        b"c4n4ry!",
        b"\xff\xfe",
        "\N{ARABIC-INDIC DIGIT THREE}".encode(),
        b"1,2",
        b"1;2",
        b"0.0001",
    ),
    *(b"Fri, 31 Dec 9999 23:59:59 GMT", b"Sat, 01 Jan 0001 00:00:00 +2359", b"Mon, 99 Foo 2024"),
    *(b"Fri, 31 Dec 9999 23:59:59 -2359", b"Thu, 01 Jan 1970 00:00:00", b"1 Jan 99999 0:0:0 GMT"),
    *(b"1 Jan 2024 00:00:00 +99999999999", b"1 Jan 2024 00:00:00 -9999", b"1 Jan -5 1:1 c4n4ry!"),
    *(b"," * 1_000, b"1 Jan " + b"9" * 5_000 + b" 00:00:00 GMT", b'"' * 500, b"(" * 5_000),
]
HEADERS = [
    (b"content-type", b"text/html; charset=c4n4ry!"),
    (b"content-type", b"application/json; charset=utf-16"),
    (b"content-type", b"multipart/mixed; boundary=" + b"c4n4ry!" * 1_000),
    (b"location", b"http://elsewhere.example/c4n4ry!"),
    (b"location", b"//c4n4ry!@[::"),
    (b"location", b"\xff\xfe c4n4ry!"),
    (b"set-cookie", b"a=c4n4ry!; domain=.example; max-age=-1; expires=c4n4ry!"),
    (b"www-authenticate", b'Basic realm="c4n4ry!"'),
    (b"x-c4n4ry!", b"\xe9\x80" * 50),
    (b"x-much", b"c4n4ry!" * 5_000),
    (b"authorization", b"Bearer c4n4ry!"),
    (b"link", b"<http://elsewhere.example/c4n4ry!>; rel=next"),
]


class Answer(NamedTuple):
    """An answer that came over well, whatever it holds."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Bytes(NamedTuple):
    """What is sent over a socket, and what becomes of the connection then."""

    data: bytes | Iterable[bytes]
    then: str = "close"


def make_answer(seed: int, sample: object) -> Answer:
    """An answer with a head that is valid; `sample` is what a good one would hold."""
    dice = random.Random(seed)
    status, headers = 200, []
    if dice.random() < 0.3:
        status = dice.choice(STATUSES)
        sample = ERROR if dice.random() < 0.8 else sample
    if status >= 300 or dice.random() < 0.1:
        headers.append((b"retry-after", dice.choice(RETRY_AFTER)))
    headers += dice.sample(HEADERS, dice.choice([0, 0, 0, 1, 3]))
    body = dice.choice(ODD_BODIES) if dice.random() < 0.1 else write(spoil(dice, sample), dice)
    if dice.random() < 0.25:
        body = garble(dice, body)
    if dice.random() < 0.25:
        body = pack(dice, body)
        headers.append((b"content-encoding", dice.choice([b"gzip", *ENCODINGS])))
    return Answer(status, headers, body)


def spoil(dice: random.Random, sample: object) -> object:
    """Put odd things in a few places of JSON, each as text of the form `@number@`."""
    root = [sample]
    for _ in range(dice.choice([1, 1, 1, 2, 4])):
        holder, key = dice.choice(_places(root))
        value, odd = holder[key], f"@{dice.randrange(len(ODD_VALUES))}@"
        match dice.randrange(8):
            case 0 if isinstance(holder, dict):
                holder[f"@twice@{key}"] = odd
            case 1 if isinstance(holder, dict):
                holder[CANARY] = holder.pop(key)
            case 2 if isinstance(holder, dict):
                del holder[key]
            case 3:
                holder[key] = [value]
            case 4:
                holder[key] = {CANARY: value}
            case 5 if isinstance(holder, list):
                holder.extend([value] * dice.choice([1, 50]))
            case _:
                holder[key] = odd
    return root[0]


def write(value: object, dice: random.Random) -> bytes:
    """Write JSON with what `spoil` has put into it."""
    text = json.dumps(value, ensure_ascii=dice.random() < 0.5)
    text = text.replace('"@twice@', '"')
    text = re.sub(r'"@(\d+)@"', lambda found: ODD_VALUES[int(found[1])], text)
    return text.encode("utf-8", "surrogatepass")


def garble(dice: random.Random, body: bytes) -> bytes:
    """Spoil bytes, whatever they mean."""
    at = dice.randrange(len(body) + 1)
    match dice.randrange(9):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + dice.choice([b"\xff", b"\x00", b"\xed\xa0\x80", b"\xc3"]) + body[at:]
        case 2:
            return b"\xef\xbb\xbf" + body
        case 3:
            name = dice.choice(["utf-16", "utf-16-be", "utf-32", "utf-7"])
            return body.decode("utf-8", "replace").encode(name)
        case 4:
            return body * 2
        case 5:
            return body + CANARY.encode()
        case 6:
            return dice.randbytes(dice.choice([1, 10, 1_000]))
        case 7:
            return body[:at] + dice.randbytes(4) + body[at + 4 :]
        case _:
            return body[at:]


def pack(dice: random.Random, body: bytes) -> bytes:
    """Pack a body, not always well."""
    packed = gzip.compress(body, compresslevel=1)
    match dice.randrange(9):
        case 0:
            return packed[: dice.randrange(len(packed))]
        case 1:
            return packed + CANARY.encode()
        case 2:
            return packed * 2
        case 3:
            return gzip.compress(packed)
        case 4:
            return zlib.compress(body)
        case 5:
            return gzip.compress(bytes(3_000_000))  # more than the clients of these tests take
        case 6:
            return garble(dice, packed)
        case _:
            return packed


STATUS_LINES = [
    *(b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 200", b"HTTP/1.1 200 "),
    *(b"HTTP/1.1 %d c4n4ry!" % status for status in STATUSES),
    *(
        b"HTTP/1.1 %b x" % status
        for status in (b"000", b"099", b"99", b"999", b"600", b"99999", b"-1")
    ),
    *(
        b"HTTP/1.1 %b c4n4ry!" % status
        for status in (b"", b"2OO", b"2e2", b"+200", b"\xff", b"20", b"2 00")
    ),
    *(b"HTTP/1.1 101 Switching Protocols", b"HTTP/1.1 100 Continue", b"HTTP/1.1 103 Hints"),
    *(
        b"HTTP/0.9 200 OK",
        b"HTTP/2 200",
        b"HTTP/2.0 200 OK",
        b"HTTP/9.9 200 OK",
        b"http/1.1 200 OK",
    ),
    *(
        b"",
        b" ",
        b"c4n4ry!",
        b"{}",
        b"\x00",
        b"HTTP",
        b"HTTP/1.1",
        b"ICY 200 OK",
        b"SSH-2.0-c4n4ry!",
    ),
    *(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        b"\x15\x03\x03\x00\x02\x02\x28",
    ),
    *(b"<html>c4n4ry!", b"HTTP/1.1 200 " + b"c4n4ry!" * 50_000, b"\r\n\r\nHTTP/1.1 200 OK"),
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3_000 + b"HTTP/1.1 200 OK",
    b"HTTP/1.1 103 Hints\r\nlink: c4n4ry!\r\n\r\n" * 100 + b"HTTP/1.1 503 Sorry",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 200 OK\nx: c4n4ry!",
    b"HTTP/1.1 200 OK\r\r\n",
]
ODD_LINES = [
    *(b"%b: %b" % header for header in HEADERS),
    *(b"retry-after: %b" % value for value in RETRY_AFTER),
    *(b"content-encoding: %b" % value for value in ENCODINGS),
    *(
        b"x: y\r\n c4n4ry!",
        b"x: y\r\n\tc4n4ry!",
        b" c4n4ry!: x",
        b"c4n4ry!",
        b"c4n4ry! : x",
        b": c4n4ry!",
    ),
    *(b"x:\x00c4n4ry!", b"x: \x7fc4n4ry!", b"x: \rc4n4ry!", b"x: a\nb: c4n4ry!", b"x\xe9: c4n4ry!"),
    *(b"x: \xff\xfe\xe9c4n4ry!", "x: é c4n4ry!".encode(), b"(x): c4n4ry!", b"x: " + b" " * 50_000),
    *(
        b"connection: close",
        b"connection: keep-alive",
        b"connection: c4n4ry!, close",
        b"upgrade: h2c",
    ),
    *(
        b"transfer-encoding: identity",
        b"transfer-encoding: gzip, chunked",
        b"transfer-encoding: c4n4ry!",
    ),
    *(b"transfer-encoding: chunked\r\ntransfer-encoding: chunked", b"Transfer-Encoding : chunked"),
    *(
        b"x: " + b"c4n4ry!" * 150_000,
        b"\r\n".join(b"x%d: c4n4ry!" % each for each in range(100_000)),
    ),
    b"\r\n".join([b"x: c4n4ry!"] * 90),
]
ODD_LENGTHS = [
    *(
        b"0",
        b"1",
        b"7",
        b"-1",
        b"+5",
        b"5 5",
        b"5,5",
        b"5, 6",
        b"",
        b" ",
        b"c4n4ry!",
        b"1e3",
        b"0x5",
        b"5_0",
    ),
    *(
        b"9" * 15,
        b"9" * 20,
        b"9" * 21,
        b"9" * 5_000,
        b"0" * 5_000 + b"5",
        "\N{ARABIC-INDIC DIGIT FIVE}".encode(),
        b"5.0",
        b"\xb2",
    ),
]
LENGTH = b"content-length: "
CHUNKED = b"transfer-encoding: chunked"
ODD_CHUNKS = [
    *(
        b"",
        b"\r\n",
        b"0\r\n",
        b"0\r\n\r\n",
        b"5\r\nab",
        b"5\r\nabcdefgh\r\n0\r\n\r\n",
        b"-1\r\n",
        b"g\r\n",
    ),
    *(
        b"+5\r\nabcde\r\n0\r\n\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b" 5\r\nabcde\r\n0\r\n\r\n",
        b"c4n4ry!\r\n",
    ),
    *(
        b"f" * 16 + b"\r\n",
        b"f" * 21 + b"\r\n",
        b"f" * 100_000,
        b"0" * 100_000 + b"5\r\nabcde\r\n0\r\n\r\n",
    ),
    *(b"2;c4n4ry!\r\n{}\r\n0\r\n\r\n", b"2;" + b"c4n4ry!" * 50_000 + b"\r\n{}\r\n0\r\n\r\n"),
    *(
        b"2\n{}\n0\n\n",
        b"2\r\n{}0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nx: c4n4ry!\r\n\r\n",
        b"2\r\n{}\r\n0\r\nc4n4ry!\r\n\r\n",
    ),
    *(
        b"1\r\n \r\n" * 5_000 + b"2\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\n" + b"x: y\r\n" * 50_000 + b"\r\n",
    ),
    *(
        b"2\r\n{}\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nc4n4ry!",
        b"7\r\nc4n4ry!\r\n",
        b"7\r\nc4n4ry!\r\n0\r\n\r\n",
    ),
]


def make_bytes(seed: int) -> Bytes:
    """What looks more or less like an answer, byte for byte."""
    dice = random.Random(seed)
    usual = dice.random() < 0.5
    lines = [STATUS_LINES[0] if usual else dice.choice(STATUS_LINES)]
    lines += dice.sample(ODD_LINES, dice.choice([0, 1, 1, 2, 4]))
    body = dice.choice(
        [b'{"id": 7}', b'{"code": "c4n4ry!"}', b"c4n4ry!", b"", b"{}", b"x" * 70_000]
    )
    match dice.randrange(5):
        case 0:
            lines.append(LENGTH + str(len(body)).encode())
        case 1:
            lines.append(LENGTH + str(max(len(body) + dice.choice([-3, -1, 1, 1_000]), 0)).encode())
        case 2:
            lines += [LENGTH + dice.choice(ODD_LENGTHS) for _ in range(dice.choice([1, 1, 2]))]
        case 3:
            lines.append(CHUNKED)
            body = dice.choice(ODD_CHUNKS)
        case _:
            pass
    end = dice.choice([b"\r\n"] * 8 + [b"\n", b"\r"])
    data = end.join([*lines, b"", body])
    if dice.random() < 0.1:
        data = garble(dice, data)
    return Bytes(data, dice.choice(["close"] * 20 + ["reset"] * 4 + ["stay"]))


def _places(value: list[object] | dict[str, object]) -> list[tuple[object, object]]:
    """Every place in JSON, as what holds it and where."""
    keys = value if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for held in [value[key] for key in keys]:
        if isinstance(held, (dict, list)):
            found += _places(held)
    return found
