"""The words of the pages: English as it stands in the code, and its translations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FRENCH: Final[Mapping[str, str]] = {}

TRANSLATIONS: Final[Mapping[str, Mapping[str, str]]] = {"en": {}, "fr": FRENCH}


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language.

    Attributes:
        lang: The language: one that there are words in, English otherwise.
    """

    lang: str

    @classmethod
    def of(cls, lang: str) -> "Words":
        """The words of a language, or else English ones."""
        return cls(lang if lang in TRANSLATIONS else "en")

    @classmethod
    def preferred(cls, accept_language: str) -> "Words":
        """The words of the language that a browser names first of those there are."""
        named = (part.strip()[:2].lower() for part in accept_language.split(","))
        return cls(next((lang for lang in named if lang in TRANSLATIONS), "en"))

    def __call__(self, text: str, **values: object) -> str:
        """A text, with values in place of its `{names}`."""
        return TRANSLATIONS[self.lang].get(text, text).format(**values)
