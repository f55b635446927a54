"""A headless Chromium that tests can ask things, over its own debugging protocol: nothing but the browser is needed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(os.environ.get("GREENREPORT_AXE", "node_modules/axe-core/axe.min.js"))
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="no axe-core: `npm install axe-core`, or set GREENREPORT_AXE to its axe.min.js"
)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
    *("--disable-dev-shm-usage", "--hide-scrollbars"),
)
_IN_VIEW = """window.IntersectionObserver = class {
  constructor(told) { this.told = told; }
  observe(target) { setTimeout(() => this.told([{ isIntersecting: true, target }], this)); }
  unobserve() {}
  disconnect() {}
};"""


class Browser:
    """One page in one browser. Collects what the page logs and asks for; `evaluate` runs JavaScript in it."""

    def __init__(self) -> None:
        assert CHROMIUM
        self._profile = Path(tempfile.mkdtemp(prefix="greenreport-chromium-"))
        self._process = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._loop = asyncio.new_event_loop()
        self._number = 0
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._events: list[str] = []
        self._socket = self._await(self._connect())
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)

    async def _connect(self) -> WebSocketClientConnection:
        ports = self._profile / "DevToolsActivePort"
        for _ in range(300):
            if ports.is_file() and ports.read_text().count("\n") >= 1:
                break
            await asyncio.sleep(0.1)
        port = ports.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        return await websocket_connect(page["webSocketDebuggerUrl"], max_message_size=64 << 20)

    async def _read(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self._socket.read_message(), 60)
        assert text is not None, "the browser went away"
        message: dict[str, Any] = json.loads(text)
        method, given = message.get("method"), message.get("params", {})
        if method:
            self._events.append(method)
        if method == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(given["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(a.get("value", a.get("description"))) for a in given["args"]))
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            self.errors.append(given["entry"]["text"])
        return message

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""

        async def work() -> dict[str, Any]:
            self._number += 1
            await self._socket.write_message(json.dumps({"id": self._number, "method": method, "params": params}))
            while True:
                message = await self._read()
                if message.get("id") == self._number:
                    assert "error" not in message, message["error"]
                    result: dict[str, Any] = message["result"]
                    return result

        return self._await(work())

    def show_everything(self) -> None:
        """From the next page on, everything counts as in view: a window tall enough for that costs minutes to paint."""
        self.send("Page.addScriptToEvaluateOnNewDocument", source=_IN_VIEW)

    def open(self, url: str, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        """Open an address in a window of some width, and wait until it has loaded."""
        self.errors.clear()
        self.requests.clear()
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self._events.clear()
        self.send("Page.navigate", url=url)

        async def loaded() -> None:
            while "Page.loadEventFired" not in self._events:
                await self._read()

        self._await(loaded())

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def type_into(self, selector: str, text: str) -> None:
        """Put a text into a field, as a reader would."""
        self.evaluate(
            f"const field = document.querySelector({json.dumps(selector)}); field.value = {json.dumps(text)};"
            "field.dispatchEvent(new Event('input')); null"
        )

    def draw(self) -> int:
        """Wait until every chart of the page has been drawn; says how many there are."""
        charts = int(self.evaluate("document.querySelectorAll('figure.gr-chart:has(script.gr-spec)').length"))
        self.until(f"document.querySelectorAll('figure.gr-chart[data-live=yes]').length === {charts}")
        return charts

    def until(self, script: str) -> None:
        """Wait until an expression is true (fifteen seconds at most), across a change of page too."""
        end = time.monotonic() + 15
        while True:
            # Between two pages there is nothing that could be asked.
            with contextlib.suppress(AssertionError):
                if self.evaluate(f"Boolean({script})"):
                    return
            assert time.monotonic() < end, f"never: {script}"
            time.sleep(0.05)

    def close(self) -> None:
        """End the browser that this object started."""
        self._socket.close()
        self._loop.close()
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._profile, ignore_errors=True)
