"""A municipality's text file in which everything is there and as long as it may be."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from kvalitet_eval.prepare.documents import municipality_texts as texts

WORDS = (
    "Vi har prøvd samtaler med leder etter to dagers fravær på alle enhetene i pleie og omsorg, og de ansatte har "
    "vært med i arbeidsgruppa sammen med tillitsvalgte, verneombud og avdelingsledere. "
)


def longest(model: type, field: str) -> int:
    """The most characters that a field may hold, as its schema says."""
    schema = model.model_json_schema()["properties"][field]
    return next(item["maxLength"] for item in (schema, *schema.get("anyOf", ())) if "maxLength" in item)


def filled(n: int) -> str:
    """Words of exactly ``n`` characters."""
    return f"{(WORDS * (n // len(WORDS) + 1))[: n - 1].rstrip().ljust(n - 1, 'e')}."


def _fields(model: type, *names: str) -> list[str]:
    return [f'{name} = "{filled(longest(model, name))}"' for name in names]


def write_full_texts(path: Path, language: str, origin: str, sizes: list[tuple[int, int]]) -> None:
    """Write a municipality's file, with as many pictures beside it as may be, of some sizes in pixels."""
    number, folder = path.stem, path.parent
    lines = [
        'kind = "municipality_texts"', f'municipality_number = "{number}"', f'language = "{language}"',
        f'origin = "{origin}"', *_fields(texts.MunicipalityTexts, "project"), "[poster]",
        *_fields(texts.PosterTexts, "introduction", "goal", "results", "continuation", "summary"),
    ]  # fmt: skip
    (folder / number).mkdir(exist_ok=True)
    for place, size in zip(range(texts.MOST_PICTURES), sizes, strict=True):
        Image.new("RGB", size, (90, 130, 170)).save(folder / number / f"full-{place}.png")
        lines += ["[[pictures]]", f'file = "full-{place}.png"', *_fields(texts.PictureText, "alt", "caption")]
    for place in range(texts.MOST_EVENTS):
        lines += ["[[events]]", f"date = 2007-{place + 2:02}-28", 'kind = "event"']
        lines += _fields(texts.Happening, "name", "comment")
    lines += ["[status]", "date = 2008-09-28", 'phase = "standardise"']
    lines += _fields(texts.StatusTexts, "done", "obstacles", "next_steps")
    for _ in range(texts.MOST_RESULTS):
        lines += ["[[status.results]]", f'indicator = "{filled(80)}"', 'unit = "prosentpoeng"']
        lines += ["value = 1234.5", "date = 2008-09-28"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
