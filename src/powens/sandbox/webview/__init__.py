"""Pages for a person: the webview of the sandbox, and the pages of its banks.

`html` writes elements and whole pages, `words` says them in the reader's language. A `visit` is
what the server knows of a person on their way; `screens` and `payment` are the pages of that way,
`routes` serves them.
"""

from powens.sandbox.webview.pages import PATH
from powens.sandbox.webview.routes import Webview

__all__ = ["PATH", "Webview"]
