import io
import sys

import pytest
from PIL import Image

from escale.gateways import inspection
from escale.gateways.file_kinds import Limits
from tests.documents_corpus import viruses
from tests.gateways import samples

RED = (200, 60, 60)


def inspect(content, kind, folder):
    return inspection.inspect(io.BytesIO(content), kind=kind, folder=folder, limits=Limits())


def draw(content, kind, folder):
    return inspect(content, kind, folder).pages


def is_red(image, x, y):
    red, green, blue = image.convert("RGB").getpixel((x, y))
    return red > RED[0] and green < RED[1] and blue < RED[2]


def test_each_page_of_a_pdf_is_drawn_as_large_as_allowed(tmp_path):
    pages = draw(samples.pdf(pages=3), "application/pdf", tmp_path)
    assert [page.path.name for page in pages] == ["page-001.jpg", "page-002.jpg", "page-003.jpg"]
    for page in pages:
        with Image.open(page.path) as image:
            assert image.size == (page.width, page.height)
            assert 1690 <= page.height <= 1700
            assert image.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize(("form", "kind", "mode"), [
    ("JPEG", "image/jpeg", "RGB"), ("JPEG", "image/jpeg", "L"), ("JPEG", "image/jpeg", "CMYK"),
    ("PNG", "image/png", "RGBA"), ("PNG", "image/png", "P"), ("PNG", "image/png", "1"), ("PNG", "image/png", "LA"),
    ("HEIF", "image/heic", "RGB"),
])  # fmt: skip
def test_pictures_of_every_mode_are_drawn(tmp_path, form, kind, mode):
    [page] = draw(samples.picture(form, (400, 200), mode), kind, tmp_path)
    assert (page.width, page.height) == (400, 200)
    with Image.open(page.path) as image:
        assert is_red(image, 20, 20) == (mode in {"RGB", "RGBA", "P", "CMYK"})
        assert not is_red(image, 300, 150)


def test_a_large_picture_is_made_smaller(tmp_path):
    [page] = draw(samples.picture("JPEG", (4000, 3000)), "image/jpeg", tmp_path)
    assert (page.width, page.height) == (1700, 1275)


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_is_turned_upright_and_loses_what_it_told_of_the_place(tmp_path, form, kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    exif[0x010F] = "Appareil"
    exif.get_ifd(0x8825)[1] = "N"  # position
    [page] = draw(samples.picture(form, (400, 200), exif=exif), kind, tmp_path)
    assert (page.width, page.height) == (200, 400)
    with Image.open(page.path) as image:
        assert is_red(image, 180, 20)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_sixteen_bits_of_grey_are_not_burnt_white(tmp_path):
    buffer = io.BytesIO()
    Image.new("I;16", (64, 64), 32768).save(buffer, "PNG")
    [page] = draw(buffer.getvalue(), "image/png", tmp_path)
    with Image.open(page.path) as image:
        assert 120 <= image.convert("L").getpixel((30, 30)) <= 136


def test_what_is_transparent_becomes_white_paper(tmp_path):
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(buffer, "PNG")
    [page] = draw(buffer.getvalue(), "image/png", tmp_path)
    with Image.open(page.path) as image:
        assert image.getpixel((30, 30)) == (255, 255, 255)


def bomb():
    """A PNG of few bytes and far too many pixels."""
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "kind", "code"), [
    (samples.pdf()[:200], "application/pdf", "broken"), (b"", "application/pdf", "broken"),
    (samples.pdf(pages=51), "application/pdf", "too_many_pages"), (samples.pdf(pages=0), "application/pdf", "broken"),
    (samples.picture("JPEG", (900, 900))[:1000], "image/jpeg", "broken"), (b"x", "image/heic", "broken"),
    (samples.picture("PNG"), "image/jpeg", "broken"), (bomb(), "image/png", "too_many_pixels"),
])  # fmt: skip
def test_what_cannot_be_drawn_says_why_and_leaves_nothing(tmp_path, content, kind, code):
    with pytest.raises(inspection.Unreadable) as refused:
        draw(content, kind, tmp_path)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "_WALL_SECONDS", 0.01)
    with pytest.raises(inspection.Unreadable) as refused:
        draw(samples.pdf(), "application/pdf", tmp_path)
    assert refused.value.code == "too_complex"


def test_the_scanner_is_given_what_a_pdf_hides(tmp_path):
    found = inspect(viruses.attached(), "application/pdf", tmp_path)
    assert found.removed == ["embedded_files"]
    assert samples.EICAR in [part.read_bytes() for part in found.parts]


def test_the_process_tells_what_it_took(tmp_path):
    cost = inspect(samples.pdf(), "application/pdf", tmp_path).cost
    assert 0 < cost.seconds < 60
    assert 10_000_000 < cost.memory < 768 * 1024 * 1024


def test_a_limit_is_told_in_the_sentence(tmp_path):
    with pytest.raises(inspection.Unreadable, match="plus de 2 pages"):
        inspection.inspect(io.BytesIO(samples.pdf(3)), kind="application/pdf", folder=tmp_path, limits=Limits(pages=2))


@pytest.mark.parametrize("answer", [
    b"", b"[]", b"{", b"{}", b'{"refused": "nobody"}', b'{"pages": [[1, 1]], "removed": [], "changed": [], "parts": 0}',
])  # fmt: skip
def test_a_process_that_was_taken_over_is_not_believed(tmp_path, monkeypatch, answer):
    taken_over = f"import sys; sys.stdin.read(); sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(inspection, "_START", [sys.executable, "-c", taken_over])
    with pytest.raises(inspection.Unreadable) as refused:
        inspect(samples.pdf(), "application/pdf", tmp_path)
    assert refused.value.code == "broken"


def test_a_page_that_leads_elsewhere_is_not_followed(tmp_path, monkeypatch):
    answer = '{"pages": [[1, 1]], "removed": [], "changed": [], "parts": 0}'
    taken_over = f"import sys; sys.stdin.read(); print({answer!r})"
    monkeypatch.setattr(inspection, "_START", [sys.executable, "-c", taken_over])
    (tmp_path / "page-001.jpg").symlink_to(__file__)
    with pytest.raises(inspection.Unreadable):
        inspect(samples.pdf(), "application/pdf", tmp_path)
