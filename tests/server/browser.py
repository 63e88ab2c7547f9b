"""Chromium without a window, driven over its debugging protocol."""

import asyncio
import json
import re
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--window-size=1440,900")
PATIENCE_SECONDS = 60
SELECT_ALL = {"key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65, "modifiers": 2}
DOMAINS = ("Page", "Runtime", "Network", "Log")


class Page:
    """One tab: what it was told, and what it did."""

    def __init__(self, socket: ClientConnection, **addressed: str) -> None:
        self._socket, self._addressed, self._number = socket, addressed, 0
        self.events: list[dict[str, Any]] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params, **self._addressed}
        await self._socket.send(json.dumps(message))
        while (received := json.loads(await self._socket.recv())).get("id") != self._number:
            self.events.append(received)
        return dict(received["result"])

    async def evaluate(self, script: str) -> Any:
        done = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return done["result"].get("value")

    async def until(self, condition: str) -> None:
        """Waits until the script is true."""
        look = f"const look = () => ({condition}) ? done() : setTimeout(look, 20); look();"
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.evaluate(f"new Promise(done => {{ {look} }})")

    async def type_into(self, selector: str, typed: str) -> None:
        """Replaces what stands in an editor."""
        await self.evaluate(f"document.querySelector('{selector} textarea, {selector} [contenteditable]').focus()")
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", **SELECT_ALL)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **SELECT_ALL)
        await self.call("Input.insertText", text=typed)

    def requested(self) -> list[str]:
        """The addresses that were asked for over the network."""
        sent = [event["params"] for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent if one["request"]["url"].startswith("http")]

    def complaints(self) -> list[str]:
        """Exceptions, errors on the console, and what the content security policy blocked."""
        return [json.dumps(event["params"]) for event in self.events if _is_complaint(event)]


@asynccontextmanager
async def browser(program: str, profile: Path) -> AsyncIterator[Page]:
    """A tab of a new Chromium with an empty profile."""
    arguments = (*ARGUMENTS, f"--user-data-dir={profile}", "about:blank")
    process = await asyncio.create_subprocess_exec(program, *arguments, stdout=DEVNULL, stderr=PIPE)
    try:
        async with connect(await _address(process), max_size=None) as socket:
            yield await _open(socket)
    finally:
        process.terminate()
        await process.communicate()


async def _open(socket: ClientConnection) -> Page:
    browser_itself = Page(socket)
    target = await browser_itself.call("Target.createTarget", url="about:blank")
    attached = await browser_itself.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    page = Page(socket, sessionId=attached["sessionId"])
    for domain in DOMAINS:
        await page.call(f"{domain}.enable")
    return page


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(r"DevTools listening on (\S+)", line.decode()):
            return found[1]
    raise AssertionError("Chromium ended before it could be driven")


def _is_complaint(event: dict[str, Any]) -> bool:
    parameters = event.get("params", {})
    return bool(
        event["method"] == "Runtime.exceptionThrown"
        or (event["method"] == "Log.entryAdded" and parameters["entry"]["level"] == "error")
        or (event["method"] == "Runtime.consoleAPICalled" and parameters["type"] == "error")
    )
