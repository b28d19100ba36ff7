"""The command that reads a paper: whatever the file, it answers in JSON, and by its exit code."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image

from escale.gateways import ocr
from escale.jobs.management.commands.read_document import NOT_READ
from tests.gateways import samples


def told(file: Path) -> tuple[dict[str, Any], int]:
    out, code = io.StringIO(), 0
    try:
        call_command("read_document", str(file), json=True, stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    return json.loads(out.getvalue()), code


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.pdf", b"", "vide"),
        ("texte.pdf", b"Total 12,50 EUR", "abîmé"),
        ("tronque.pdf", samples.pdf()[:300], "incomplet"),
        ("hasard.png", b"\x89PNG\r\n\x1a\n" + b"7" * 999, "abîmé"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_json_and_by_the_exit_code(tmp_path, name: str, content: bytes, said: str):
    file = tmp_path / name
    file.write_bytes(content)
    answer, code = told(file)
    assert said in answer["error"]
    assert answer["total"] is None
    assert code == NOT_READ


def test_a_file_that_is_not_there_is_said(tmp_path):
    answer, code = told(tmp_path / "absent.pdf")
    assert answer["error"]
    assert code == NOT_READ


@pytest.mark.skipif("eng" in ocr.missing_languages(), reason="no Tesseract language on this machine")
@pytest.mark.parametrize(
    ("mode", "size", "form"), [("RGB", (1, 1), "PNG"), ("CMYK", (60, 40), "JPEG"), ("I;16", (60, 40), "TIFF")]
)
def test_an_odd_picture_where_nothing_is_written_is_read_and_nothing_is_found(tmp_path, mode, size, form):
    file = tmp_path / f"page.{form.lower()}"
    Image.new(mode, size).save(file, form)
    answer, code = told(file)
    assert answer["error"] is None
    assert answer["total"] is None
    assert code == 0
