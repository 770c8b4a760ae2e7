"""A letter as one of the kinds of files that we make. Both libraries are slow to import, and few processes
print."""

from collections.abc import Sequence

from agent_console.letters.letter import Letter

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def as_file(letter: Letter, kind: str) -> bytes:
    """The bytes of a `docx` or `pdf`. Raises `NoFont` where this machine cannot make a PDF."""
    if kind == "pdf":
        from agent_console.letters.pdf_file import as_pdf

        return as_pdf(letter)
    from agent_console.letters.word_file import as_docx

    return as_docx(letter)


def as_one_file(letters: Sequence[Letter]) -> bytes:
    """The bytes of a PDF with all of them, one after the other. Raises `NoFont`."""
    from agent_console.letters.pdf_file import all_as_pdf

    return all_as_pdf(letters)
