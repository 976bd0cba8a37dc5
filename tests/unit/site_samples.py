"""Published documents for the tests of the index, without any file behind them, and the smallest picture."""

import base64

from report_samples import FACTS

from kvalitet_eval.report.document_files import ENDINGS, DocumentFile, PublishedDocument

SIZES = {"html": 79_000, "pdf": 184_200, "docx": 91_000, "xlsx": 12_300, "a1": 1_460_000}
FOLDERS = {"municipality": "municipalities", "cohort": "cohorts", "programme": "programme", "page": "pages"}
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
        "7753de0000000c49444154789c6360f8cf00000301010018dd8db00000000049454e44ae426082"
    )
).decode()
FORMS = {"report": ("html", "pdf", "docx", "xlsx"), "poster": ("html", "pdf", "a1"), "page": ("html",)}


def document(kind, id, name, *, document="report", language="nb", title="", origin="syntetisk"):
    stem = f"{FOLDERS[kind]}/{id}{'-poster' if document == 'poster' else ''}-{language}"
    files = tuple(DocumentFile(form, f"{stem}{ENDINGS[form]}", SIZES[form]) for form in FORMS[document])
    return PublishedDocument(kind, id, name, title or name, language, document, origin, FACTS, files)
