"""Pictures: only pixels get in, only from the municipality's folder, only with words for those who cannot see them."""

import base64
import io
import os
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin
from report_samples import sample_report, words

from kvalitet_eval import publish
from kvalitet_eval.errors import DataError, ReportError
from kvalitet_eval.prepare.documents.pictures import (
    LARGEST_FILE,
    LARGEST_PNG,
    LONGEST_SIDE,
    MOST_PIXELS,
    read_picture,
)
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.blocks import Picture
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.model import load

ALT = "To personer ved et bord"
SECRET = "Kari Nordmann 01010710029"
OUTSIDE = (
    "../a.png", "../../a.png", "..\\a.png", "/etc/passwd", "/etc/a.png", "./a.png", "x/a.png", "x\\a.png", "a.png/",
    "//host/a.png", "\\\\host\\a.png", "C:\\a.png", "C:a.png", "file:///a.png", "http://a.no/a.png", "~/a.png",
    "%2e%2e%2fa.png", "..%2fa.png", "a.png\x00.txt", "\x00a.png", "a\n.png", "a.png\n", " a.png", "a.png ", ".png",
    "..png", ".a.png", "-a.png", "a.svg", "a.gif", "a.png.exe", "a", "", "$HOME/a.png", "a:b.png", "*.png", "a?.png",
    "\u202ea.png", "a\u2215b.png", "a" * 200 + ".png",
)  # fmt: skip


def png(size=(60, 40), mode="RGB", colour="navy", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, format="PNG", **options)
    return buffer.getvalue()


def refused(folder, name="a.png"):
    with pytest.raises(DataError) as caught:
        read_picture(folder, name)
    (found,) = caught.value.findings
    assert describe([found]).count(found.code) == 1
    return found.code


def stored(folder, data, name="a.png"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_comes_out_with_its_size_and_colours(tmp_path):
    found = read_picture(stored(tmp_path / "0542", png()), "a.png")
    image = Image.open(io.BytesIO(found.png))
    assert (image.format, image.size, found.width, found.height) == ("PNG", (60, 40), 60, 40)
    assert image.convert("RGB").getpixel((5, 5)) == (0, 0, 128)


def test_what_a_png_hides_beside_its_pixels_is_lost(tmp_path):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    info.add_itxt("Comment", SECRET, zip=True)
    exif = Image.Exif()
    exif[0x010E] = SECRET
    data = png(pnginfo=info, exif=exif, icc_profile=SECRET.encode())
    assert SECRET.encode() in data
    found = read_picture(stored(tmp_path / "0542", data + SECRET.encode()), "a.png")
    image = Image.open(io.BytesIO(found.png))
    image.load()
    assert not image.info
    assert not image.getexif()
    assert SECRET.encode() not in found.png
    kinds = set()
    place = 8
    while place < len(found.png):
        (length,) = struct.unpack(">I", found.png[place : place + 4])
        kinds.add(found.png[place + 4 : place + 8])
        place += length + 12
    assert kinds <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_where_a_photograph_was_taken_is_lost_and_it_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (60.0, 58.0, 12.0), 3: "E", 4: (9.0, 17.0, 0.0)})
    buffer = io.BytesIO()
    Image.new("RGB", (80, 40), "green").save(buffer, format="JPEG", exif=exif, comment=SECRET.encode())
    before = Image.open(io.BytesIO(buffer.getvalue()))
    assert before.getexif().get_ifd(0x8825)[2]
    found = read_picture(stored(tmp_path / "0542", buffer.getvalue(), "a.JPG"), "a.JPG")
    after = Image.open(io.BytesIO(found.png))
    assert (found.width, found.height) == (40, 80)
    assert not after.getexif()
    assert not after.getexif().get_ifd(0x8825)
    assert b"Exif" not in found.png
    assert SECRET.encode() not in found.png


def test_what_can_be_seen_through_becomes_white(tmp_path):
    data = png(mode="RGBA", colour=(255, 0, 0, 0))
    found = read_picture(stored(tmp_path / "0542", data), "a.png")
    assert Image.open(io.BytesIO(found.png)).convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_a_large_picture_becomes_small_enough_for_a_page(tmp_path):
    noise = Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3))
    buffer = io.BytesIO()
    noise.save(buffer, format="JPEG", quality=90)
    found = read_picture(stored(tmp_path / "0542", buffer.getvalue(), "a.jpg"), "a.jpg")
    assert len(found.png) <= LARGEST_PNG
    assert max(found.width, found.height) <= LONGEST_SIDE
    assert found.width / found.height == pytest.approx(4 / 3, abs=0.02)


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    folder = stored(tmp_path / "0542", png())
    for place in (tmp_path, tmp_path / "x", folder / "x"):
        stored(place, png())
    assert len(OUTSIDE) >= 30
    assert refused(folder, name) == "INN-P01"


def test_no_link_leads_out_of_the_folder(tmp_path):
    outside = stored(tmp_path / "other", png())
    folder = stored(tmp_path / "0542", png(), "b.png")
    (folder / "a.png").symlink_to(outside / "a.png")
    assert refused(folder) == "INN-P01"
    (tmp_path / "0543").symlink_to(outside)
    assert refused(tmp_path / "0543") == "INN-P01"
    (folder / "c.png").mkdir()
    assert refused(folder, "c.png") == "INN-P01"
    os.mkfifo(folder / "d.png")
    assert refused(folder, "d.png") == "INN-P01"
    assert read_picture(folder, "b.png").width == 60


def test_a_picture_that_is_not_there_is_told_with_its_folder(tmp_path):
    folder = stored(tmp_path / "0542", png())
    with pytest.raises(DataError) as caught:
        read_picture(folder, "b.png")
    said = describe(caught.value.findings)
    assert [item.code for item in caught.value.findings] == ["INN-P02"]
    assert "b.png" in said
    assert "0542" in said
    assert str(tmp_path) not in said


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BM" + b"\0" * 60, b"%PDF-1.7",
     b"RIFF\0\0\0\0WEBPVP8 ", b"II*\0" + b"\0" * 40, b"\0\0\0\x0cjP  "],
    ids=["empty", "gif", "svg", "bmp", "pdf", "webp", "tiff", "jpeg2000"],
)  # fmt: skip
def test_the_content_decides_what_it_is(tmp_path, data):
    assert refused(stored(tmp_path / "0542", data)) == "INN-P04"


def test_a_file_that_is_too_large_is_not_decoded(tmp_path):
    assert refused(stored(tmp_path / "0542", png() + b"\0" * LARGEST_FILE)) == "INN-P03"


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path, monkeypatch):
    asked = []

    class File(io.BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    path, opened = stored(tmp_path / "0542", png()), type(tmp_path).open
    monkeypatch.setattr("kvalitet_eval.prepare.documents.pictures.LARGEST_FILE", 50)
    monkeypatch.setattr(
        type(tmp_path), "open", lambda it, *a, **k: File(bytes(500)) if it.name == "a.png" else opened(it, *a, **k)
    )
    assert refused(path) == "INN-P03"
    assert asked == [51]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    side = 30_000
    rows = zlib.compress(b"\0" * (side * 4), 9)  # far too few pixels: unpacking would fail on another code
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert side * side > MOST_PIXELS
    assert refused(stored(tmp_path / "0542", data)) in ("INN-P05", "INN-P06")
    side = 7_000
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert refused(stored(tmp_path / "0542", data)) == "INN-P05"
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 90_000_000, 9))
    data = png()
    assert refused(stored(tmp_path / "0542", data[:33] + text + data[33:])) == "INN-P06"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("side", [6_400, 10_000, 13_000])
def test_too_many_pixels_are_told_as_such_and_not_as_damage(tmp_path, side):
    """The decoder has a limit of its own above ours, which only warns."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    assert refused(stored(tmp_path / "0542", data)) == "INN-P05"


def test_no_other_decoder_is_tried_whatever_a_file_begins_with(tmp_path, monkeypatch):
    gif = io.BytesIO()
    Image.new("RGB", (8, 8)).save(gif, format="GIF")
    assert refused(stored(tmp_path / "0542", gif.getvalue())) == "INN-P04"
    monkeypatch.setattr("kvalitet_eval.prepare.documents.pictures._SIGNATURES", (b"",))
    assert refused(stored(tmp_path / "0542", gif.getvalue())) == "INN-P06"


@pytest.mark.parametrize("cut", [9, 20, 40, 60])
def test_a_damaged_picture_is_refused(tmp_path, cut):
    assert refused(stored(tmp_path / "0542", png(colour="red")[:cut])) == "INN-P06"


def made(folder, **changes):
    about = {"id": "picture-1", "alt": ALT, "caption": "Et møte", "language": "nn", **changes}
    return publish.picture(folder, "a.png", **about)


def test_a_picture_passes_the_gate_and_stands_in_the_report(tmp_path):
    picture = made(stored(tmp_path / "0542", png()))
    report = sample_report()
    report.section(words("Bilder"))
    shown = report.picture(picture)
    assert repr(shown) == ALT
    report.save(tmp_path / "r.json")
    (block,) = [item for item in load(tmp_path / "r.json").blocks if isinstance(item, Picture)]
    assert block == picture.content
    assert Image.open(io.BytesIO(base64.b64decode(block.png_base64))).size == (60, 40)
    page = render_page(report)
    assert f'alt="{ALT}"' in page
    assert '<figure id="picture-picture-1" class="picture" lang="nn">' in page


@pytest.mark.parametrize("alt", [None, "", "  "])
def test_a_picture_without_words_is_refused_with_what_to_write(tmp_path, alt):
    with pytest.raises(ReportError) as caught:
        made(stored(tmp_path / "0542", png()), alt=alt)
    assert [item.code for item in caught.value.findings] == ["PUB-52"]
    assert "feltet alt under [[pictures]]" in describe(caught.value.findings)


@pytest.mark.parametrize("field", ["alt", "caption"])
def test_words_with_a_person_number_are_refused(tmp_path, field):
    with pytest.raises(ReportError) as caught:
        made(stored(tmp_path / "0542", png()), **{field: SECRET})
    (found,) = caught.value.findings
    assert (found.code, found.column) == ("PUB-50", f"a.png: {field}")
    assert "10029" not in describe([found])


def test_a_report_takes_only_pictures_that_passed_each_with_its_own_id(tmp_path):
    picture = made(stored(tmp_path / "0542", png()))
    report = sample_report()
    report.section(words("Bilder"))
    report.picture(picture)
    for thing, code in ((picture, "RAP-12"), (picture.content, "RAP-11"), (b"png", "RAP-11"), (None, "RAP-11")):
        with pytest.raises(ReportError) as caught:
            report.picture(thing)
        assert [item.code for item in caught.value.findings] == [code]
    with pytest.raises(ReportError):
        report.chart(picture)
    invented = made(tmp_path / "0542", id="other", origin="syntetisk")
    observed = sample_report(origin="observed")
    observed.section(words("Bilder"))
    with pytest.raises(ReportError) as caught:
        observed.picture(invented)
    assert [item.code for item in caught.value.findings] == ["RAP-15"]
