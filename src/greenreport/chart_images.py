"""Static images of charts: Vega-Lite to SVG, in a drawing process (“painter”) if one is running, otherwise here.

The first picture of a process costs the start of a JavaScript engine, half a second that every page's kernel would
pay anew, and a process that has started one can't be forked. A build therefore runs painters beside its kernels
(see run/kernel/chart_workers.py) and names their socket in GREENREPORT_PAINTER. The same library makes the same bytes in
either place. Knows specifications, not charts; `python -m greenreport.chart_images FD` is a painter.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

__all__ = ["PAINTER", "svg"]

PAINTER = "GREENREPORT_PAINTER"
"""Environment variable that names the painters' socket."""

_SECONDS = 60
_BLANK = {"data": {"values": [{"a": 1}]}, "mark": "text", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def svg(spec: dict[str, Any], *, vl_version: str) -> str:
    """The still picture of a Vega-Lite specification.

    Args:
        spec: the specification, with its data inline.
        vl_version: version of Vega-Lite, such as `6.1`.

    Raises:
        ValueError: vl-convert can't draw it.
    """
    wanted = json.dumps(_unlimited(spec)), vl_version
    if address := os.environ.get(PAINTER):
        try:
            return _ask(address, wanted)
        except OSError:
            pass  # no painter answers: draw here, with the same result
    return _draw(*wanted)


@cache
def _converter() -> Any:
    """The library, with the report's own fonts and no way to fetch anything."""
    import vl_convert

    from greenreport.fonts import sans

    vl_convert.configure(base_url=False, allowed_base_urls=[])
    vl_convert.register_font_directory(str(sans().parent))
    return vl_convert


@lru_cache(maxsize=256)  # one in five stands on several pages
def _draw(spec: str, vl_version: str) -> str:
    try:
        return str(_converter().vegalite_to_svg(spec, vl_version=vl_version))
    except PermissionError as refused:  # it names data elsewhere; as an OSError it would pass for a painter's fault
        raise ValueError(str(refused)) from refused


def _unlimited(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with labels and titles of any length.

    Vega measures every text again and again to know whether it must be cut, and measuring Chinese text takes longer
    than all the rest of drawing; on paper nothing should be cut anyway.
    """
    config = dict(spec.get("config") or {})
    for part in ("axis", "legend", "header"):
        config[part] = {"labelLimit": 0, "titleLimit": 0, **(config.get(part) or {})}
    return {**spec, "config": config}


def _ask(address: str, wanted: tuple[str, str]) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_SECONDS)
        connection.connect(address)
        connection.sendall(json.dumps(wanted).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = json.loads(_all(connection))
    if "error" in answer:
        raise ValueError(answer["error"])
    return str(answer["svg"])


def _all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(1 << 20):
        parts.append(part)
    if not parts:
        raise ConnectionError("the painter hung up")
    return b"".join(parts)


def _paint(listener: socket.socket) -> None:
    """Draw for whoever connects, until the standard input, held open by the owner, ends."""
    with suppress(ValueError):  # the engine starts while the kernels' server does
        _draw(json.dumps(_BLANK), _converter().get_vegalite_versions()[-1])
    while True:
        ready = select.select([listener, sys.stdin], [], [])[0]
        if sys.stdin in ready:
            return
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            continue  # another painter was quicker
        with connection:
            connection.settimeout(_SECONDS)
            try:
                answer = {"svg": _draw(*json.loads(_all(connection)))}
            except OSError:
                continue
            except ValueError as error:
                answer = {"error": str(error)}
            try:
                connection.sendall(json.dumps(answer).encode())
            except OSError:
                continue  # the kernel has stopped


if __name__ == "__main__":
    _paint(socket.socket(fileno=int(sys.argv[1])))
