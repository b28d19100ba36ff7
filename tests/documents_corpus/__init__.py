"""Hostile and odd files, made here by code, and what must become of each: read `ALL` as a table."""

from tests.documents_corpus import active_pdfs, locked_pdfs, odd_pdfs, phones, pictures, scanners, strangers, viruses

ALL = [
    *active_pdfs.CASES,
    *locked_pdfs.CASES,
    *odd_pdfs.CASES,
    *phones.CASES,
    *pictures.CASES,
    *scanners.CASES,
    *strangers.CASES,
    *viruses.CASES,
]
