"""Files that are made as they are asked for, of any size, and never stored."""

from html import escape
from itertools import accumulate
from urllib.parse import quote

from starlette.responses import Response

from powens.sandbox.forms import File

_LINE = 64


def respond(file: File) -> Response:
    """The answer that delivers a file."""
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(
        file.content, media_type=file.media_type, headers={"content-disposition": disposition}
    )


def pdf(title: str, size: int) -> bytes:
    """A PDF of one page that shows its title, of that size in bytes if a page fits in it."""
    bare = _pdf(title, b"")
    return _pdf(title, _comment(max(0, size - len(bare))))


def html(title: str) -> bytes:
    """A web page that shows its title."""
    text = escape(title)
    return f"<!doctype html><title>{text}</title><h1>{text}</h1>\n".encode()


def svg(title: str) -> bytes:
    """A picture of a page."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">'
        '<rect width="210" height="297" fill="#fff" stroke="#999"/>'
        f'<text x="20" y="40" font-size="12">{escape(title)}</text></svg>\n'
    ).encode()


def _pdf(title: str, comment: bytes) -> bytes:
    shown = title.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    page = f"BT /F1 18 Tf 72 720 Td ({shown}) Tj ET".encode("cp1252", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    head = b"%PDF-1.4\n" + comment
    written = [b"%d 0 obj%b endobj\n" % each for each in enumerate(objects, start=1)]
    *places, end = accumulate((len(each) for each in written), initial=len(head))
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return b"".join(
        (
            head,
            *written,
            b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1),
            rows,
            b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1),
            b"startxref\n%010d\n%%%%EOF\n" % end,
        )
    )


def _comment(size: int) -> bytes:
    """Lines of a PDF that no reader looks at; each is another, so that no part is like another."""
    lines, rest = divmod(size, _LINE)
    numbered = b"".join(b"%%%062x\n" % number for number in range(lines))
    return numbered + (b"%" + b"." * (rest - 2) + b"\n" if rest > 1 else b"\n" * rest)
