"""How hard a text is to read: LIX, words to a sentence plus the percentage of long words.

Source: C. H. Björnsson, *Läsbarhet* (Liber, Stockholm 1968): the number of words divided by the number of sentences,
plus the percentage of words of more than six letters. Under 25 is children's books, 25-35 easy, 35-45 ordinary prose
such as newspapers, 45-55 official texts, over 55 heavy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SHORT_WORD = 6
READER_LIMIT = 45.0
"""A page for readers must be below this."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_END = re.compile(r"[.!?:](?=[\s\"'»”)]+[\"'«“(]?[^\W\d_])")
_NOT_AN_END = re.compile(r"\b(?:kv|f\.eks|bl\.a)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readability:
    """What a text consists of.

    Parameters
    ----------
    words, long_words, sentences : int
        Words (a number is none), those of more than six letters, and sentences.
    """

    words: int
    long_words: int
    sentences: int

    @property
    def lix(self) -> float:
        """Words to a sentence plus the percentage of long words; 0 for a text without words."""
        if not self.words:
            return 0.0
        return self.words / self.sentences + 100 * self.long_words / self.words


def read_prose(paragraphs: Iterable[str]) -> Readability:
    """Count words and sentences.

    A sentence ends with a full stop, a question mark or an exclamation mark, or with a colon, before a word with a
    capital letter; and wherever a paragraph, a line of a list or the text ends. The full stops of ordinals and of
    abbreviations ("3. kv. 2007") end none. A word is letters, and hyphens or apostrophes between them; letters
    are what is counted in its length.

    Parameters
    ----------
    paragraphs : iterable of str
        Prose: no tables, captions or headings. Lines that begin with ``- `` are the points of a list.

    Examples
    --------
    >>> read_prose(["Tala seier lite. Det er for få kommunar: Berre 12 er med i 3. kv. 2007."])
    Readability(words=13, long_words=1, sentences=3)
    >>> round(read_prose(["Katten ligg. Sola skin over sjukefråværet."]).lix, 1)
    19.7
    """
    words = long_words = sentences = 0
    for part in (part for text in paragraphs for part in _parts(text)):
        found = _WORD.findall(part)
        if found:
            words += len(found)
            long_words += sum(sum(map(str.isalpha, word)) > LONGEST_SHORT_WORD for word in found)
            sentences += 1
    return Readability(words, long_words, sentences)


def _parts(text: str) -> Iterable[str]:
    """Part a text into sentences."""
    for block in re.split(r"\n\s*\n|\n(?=\s*- )", text):
        line, start = " ".join(block.split()), 0
        for end in _END.finditer(line):
            following = re.search(r"[^\W\d_]", line[end.end() :])
            is_capital = following is not None and following.group().isupper()
            if is_capital and not _NOT_AN_END.search(line[start : end.end()]):
                yield line[start : end.end()]
                start = end.end()
        yield line[start:]
