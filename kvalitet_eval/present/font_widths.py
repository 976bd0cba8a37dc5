"""How wide each sign is in the common sans-serif fonts, in thousandths of the font size.

Measured in Liberation Sans, whose widths are those of Arial and Helvetica; a sign that is not listed counts as wide as
the font is high.
"""

from __future__ import annotations

from types import MappingProxyType

_SIGNS = {
    139: "\u202f",
    191: "'",
    200: "\u2009",
    222: "ijlįĵĺļłſ‘’‚",
    260: "|¦",
    278: " !,./:;I[\\]ft\u00a0·ÌÍÎÏìíîïĨĩĪīĬĭĮİıţŧ",
    292: "ľ",
    333: "()-`r¡¨²³´¸¹ŕŗř‐‑“”„‹›",
    334: "{}ŀ",
    350: "•",
    355: '"',
    365: "º",
    370: "ª",
    375: "ť",
    389: "*",
    400: "°",
    444: "ĳ",
    469: "^",
    500: "JcksvxyzçýÿćĉċčĴķĸśŝşšŷźżž",
    537: "¶",
    549: "±÷≤≥≠√",
    552: "¯",
    556: "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþāăąđēĕėęěĝğġģĥħĹĻĽĿŁńņňŋōŏőũūŭůűų–†‡€",
    576: "µ",
    584: "+<=>~¬×−",
    604: "ŉ",
    611: "FTZ¿ßøŢŤŦŹŻŽ",
    615: "ď",
    667: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞĀĂĄĒĔĖĘĚĶŚŜŞŠŶŸ",
    713: "∞",
    722: "CDHNRUwÇÐÑÙÚÛÜĆĈĊČĎĐĤĦŃŅŇŔŖŘŨŪŬŮŰŲŵ",
    723: "Ŋ",
    735: "Ĳ",
    737: "©®",
    778: "GOQÒÓÔÕÖØĜĞĠĢŌŎŐ",
    833: "Mm",
    834: "¼½¾",
    889: "%æ",
    944: "WœŴ",
    1000: "ÆŒ—…‰",
    1015: "@",
}
WIDTHS = MappingProxyType({sign: width for width, signs in _SIGNS.items() for sign in signs})
WIDEST = 1000
