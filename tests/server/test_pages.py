"""GraphiQL comes from this machine alone, and works in a browser."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine

from server import pages
from server.app import create_app
from store import jobs
from store.session import transaction
from store.settings import Settings
from tests.server.browser import browser
from tests.server.conftest import Token, codes
from tests.server.serving import served

pytestmark = pytest.mark.anyio

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
RESPONSE = "document.querySelector('.graphiql-response').innerText"


async def test_a_browser_is_shown_a_page_that_may_load_from_here_alone(unconnected: httpx.AsyncClient) -> None:
    response = await unconnected.get("/graphql", headers=BROWSER)
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"


def test_without_its_files_the_page_says_how_to_get_them(tmp_path: Path) -> None:
    response = pages.graphiql(tmp_path)
    assert response.status_code == 503
    assert b"make assets" in response.body


def test_with_its_files_the_page_is_served(tmp_path: Path) -> None:
    (tmp_path / pages.GRAPHIQL).write_text("<p>page</p>")
    assert pages.graphiql(tmp_path).status_code == 200


async def test_programs_are_not_shown_the_page(unconnected: httpx.AsyncClient) -> None:
    response = await unconnected.get("/graphql", headers={"Accept": "*/*"})
    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])


async def test_a_query_in_the_address_is_answered_even_in_a_browser(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/graphql", params={"query": "{ greet }"}, headers=BROWSER)
    assert response.json() == {"data": {"greet": "hello you"}}


async def test_in_production_there_is_no_page_and_no_introspection(settings: Settings, engine: Engine) -> None:
    production = settings.model_copy(update={"environment": "production"})
    transport = httpx.ASGITransport(create_app(production, engine))
    async with httpx.AsyncClient(transport=transport, base_url="http://finrec") as client:
        page = await client.get("/graphql", headers=BROWSER)
        static = await client.get("/static/graphiql.html")
        introspection = await client.post("/graphql", json={"query": "{ __schema { types { name } } }"})
    assert (page.status_code, codes(page)) == (400, ["BAD_USER_INPUT"])
    assert static.status_code == 404
    assert codes(introspection) == ["GRAPHQL_VALIDATION_FAILED"]


async def test_the_root_leads_to_the_page(unconnected: httpx.AsyncClient) -> None:
    response = await unconnected.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphql")


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "nothing.js", ""])
async def test_nothing_but_the_built_files_is_served(unconnected: httpx.AsyncClient, path: str) -> None:
    assert (await unconnected.get(f"/static/{path}")).status_code == 404


# --- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture
async def url(settings: Settings, engine: Engine) -> AsyncIterator[str]:
    """The whole API on a free port."""
    async with served(create_app(settings, engine)) as (address, _):
        yield f"http://{address}"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.skipif(not (pages.STATIC / pages.GRAPHIQL).exists(), reason="the pages are not built: make assets")
async def test_graphiql_runs_its_first_query_with_the_token_of_the_address(
    url: str, token: Token, ann: UUID, tmp_path: Path
) -> None:
    async with browser(CHROMIUM or "", tmp_path) as page:
        await page.call("Page.navigate", url=f"{url}/graphql#token={token(ann)}")
        await page.until("document.querySelectorAll('.graphiql-query-editor .view-line').length > 5")
        assert await page.evaluate("location.hash") == ""
        await page.evaluate("document.querySelector('.graphiql-execute-button').click()")
        await page.until(f"{RESPONSE}.includes('viewer')")
        assert str(ann) in await page.evaluate(RESPONSE)
        assert page.complaints() == []
        assert [address for address in page.requested() if not address.startswith(url)] == []


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.skipif(not (pages.STATIC / pages.GRAPHIQL).exists(), reason="the pages are not built: make assets")
async def test_graphiql_follows_a_run_to_its_end(url: str, token: Token, engine: Engine, tmp_path: Path) -> None:
    with transaction(engine) as session:
        run = jobs.request(session, "SCORING", {}, requested_by="test").id
    async with browser(CHROMIUM or "", tmp_path) as page:
        await page.call("Page.navigate", url=f"{url}/graphql#token={token(role='admin')}")
        await page.until("document.querySelectorAll('.graphiql-query-editor .view-line').length > 5")
        await page.type_into(
            ".graphiql-query-editor", f'subscription Follow {{ trainingRun(id: "{run}") {{ status }} }}'
        )
        await page.until("document.querySelector('.graphiql-tab-button').innerText.includes('Follow')")
        await page.evaluate("document.querySelector('.graphiql-execute-button').click()")
        await page.until(f"{RESPONSE}.includes('QUEUED')")
        with transaction(engine) as session:
            jobs.cancel(session, run)
        await page.until(f"{RESPONSE}.includes('CANCELLED')")
        assert page.complaints() == []
