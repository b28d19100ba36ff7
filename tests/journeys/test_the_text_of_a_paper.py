"""A click on the text of a paper fills the field that was being filled: with what is there, or not at all."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import escale.web

HOUSE = Path(escale.web.__file__).parent / "static" / "escale"
PAGE = """<html lang="fr"><link rel="stylesheet" href="/escale.css"><main>
<form><label for="words">Professionnel</label><input id="words">
<label for="euros">Montant décidé (€)</label><input id="euros" inputmode="decimal">
<label for="paid">Montant payé</label><input id="paid" inputmode="decimal"></form>
<article data-currency="XOF"><span data-fill="TND" data-field="currency">TND</span>
<span data-fill="45.500" data-field="total">45.500</span><span data-fill="" data-field="number">rien</span>
<a class="house-page"><img width="600" height="800" alt="" style="width: 600px; height: 800px"></a>
<div class="house-text" data-words="/words" hidden></div></article>
<div style="height: 4000px"></div><article id="far"><a class="house-page"><img width="600" height="800" alt=""></a>
<div class="house-text" data-words="/words" hidden></div></article></main>
<script src="/paper-text.js" defer></script></html>"""
READ = {
    "lines": [
        {"text": "Total 45,500 DT", "box": [0.1, 0.1, 0.5, 0.14]},
        {"text": "٤٥٫٥", "box": [0.1, 0.8, 0.3, 0.84]},
        {"text": "รวม", "box": [0.6, 0.8, 0.8, 0.84]},
    ],
    "findings": [
        {"field": "total", "value": "45.500", "box": [0.1, 0.1, 0.5, 0.14]},
        {"field": "given_on", "value": "2026-09-15", "box": [0.5, 0.86, 0.9, 0.9]},
    ],
}


def serve(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    if name == "words":
        route.fulfill(body=json.dumps(READ), content_type="application/json")
    elif name == "paper":
        route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
    else:
        route.fulfill(path=HOUSE / name)


@pytest.fixture
def paper(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.route("**", serve)
    page.goto("http://house.invalid/paper")
    page.locator(".house-text span").first.wait_for()
    return page


def test_a_click_takes_what_is_written_there_even_of_a_turned_paper_and_never_another_currency(paper: Page):
    def taken(field: str, words: str, *, kept: str = "") -> str:
        paper.fill(f"#{field}", kept)
        paper.get_by_text(words, exact=True).last.click()
        return paper.input_value(f"#{field}")

    for turn in ("0deg", "90deg", "180deg"):
        paper.eval_on_selector(".house-sheet", "(sheet, turn) => sheet.style.setProperty('--turn', turn)", turn)
        assert taken("paid", "Total 45,500 DT") == "45,500", turn
        assert taken("words", "รวม") == "รวม", turn
    assert taken("paid", "45.500") == "45,500"
    assert taken("paid", "٤٥٫٥") == "45,5"
    assert taken("paid", "รวม", kept="12") == "12"
    assert taken("words", "rien", kept="Clinique") == "Clinique"
    assert taken("euros", "45.500", kept="3") == "3"
    assert "ce montant est en TND" in paper.inner_text("[role=status]")


def test_whoever_searches_the_page_searches_the_papers_further_down_too(paper: Page):
    assert paper.locator("#far .house-text span").count() == 0
    paper.keyboard.press("Control+f")
    expect(paper.locator("#far .house-text span").first).to_have_text(READ["lines"][0]["text"])
