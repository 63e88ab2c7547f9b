"""The pages: GraphiQL at /graphql, from files of this machine alone."""

from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
GRAPHIQL = "graphiql.html"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the editor sets styles on its lines
        "img-src 'self' data:",
        "font-src 'self' data:",
        "worker-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

MISSING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>finrec</title></head>
<body><p>GraphiQL is not installed: run <code>make assets</code> and load this page again.
The API answers all the same: POST a query to <code>/graphql</code>.</p></body></html>
"""


def graphiql(folder: Path = STATIC) -> Response:
    """The page; a sentence that says how to get it where it was not built."""
    page = folder / GRAPHIQL
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-cache"}
    if page.is_file():
        return FileResponse(page, headers=headers)
    return HTMLResponse(MISSING, HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


class Assets(StaticFiles):
    """The built files; the names of those under assets/ hold a hash of what is in them, so that browsers keep them."""

    async def check_config(self) -> None:
        """The folder may be built while the server runs."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        response.headers.update({"Cache-Control": kept, "X-Content-Type-Options": "nosniff"})
        return response


async def home(_: Request) -> Response:
    return RedirectResponse("/graphql")
