"""Chance that is the same for ever: every choice is a pure function of a seed and a name."""

import base64
from hashlib import blake2b

_MASK = (1 << 64) - 1


def mix(number: int) -> int:
    """Scramble 64 bits (the finalizer of SplitMix64)."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


def key(*parts: object) -> int:
    """64 bits out of a name."""
    return int.from_bytes(_digest(parts, 8))


def token(*parts: object) -> str:
    """A token in base64, so with `+`, `/` and `=` in some of them."""
    return base64.b64encode(_digest(parts, 32)).decode()


def digits(length: int, *parts: object) -> str:
    """A number of that many digits that does not begin with 0."""
    low = 10 ** (length - 1)
    return str(low + int.from_bytes(_digest(parts, 32)) % (9 * low))


def uuid(*parts: object) -> str:
    """Text in the form of a UUID."""
    text = _digest(parts, 16).hex()
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _digest(parts: tuple[object, ...], size: int) -> bytes:
    return blake2b(repr(parts).encode(), digest_size=size).digest()
