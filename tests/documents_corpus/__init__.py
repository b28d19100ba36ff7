"""Hostile and odd files, made here by code, and what must become of each: read `ALL` as a table."""

from tests.documents_corpus import active_pdfs, locked_pdfs, odd_pdfs, pictures, strangers, viruses

ALL = [
    *active_pdfs.CASES,
    *locked_pdfs.CASES,
    *odd_pdfs.CASES,
    *pictures.CASES,
    *strangers.CASES,
    *viruses.CASES,
]
