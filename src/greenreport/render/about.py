"""About a run, from its manifest: what it was asked for, what it rests on, what was made, how to check it.

Makes Markdown cells in one language. It must not know how pages are typeset or how they were calculated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from greenreport.render.cells import escape, markdown_cell
from greenreport.render.source import Run
from greenreport.render.words import NAMES, listed, word

__all__ = ["about_cells"]

_ASKED = {
    "file": "ab_file",
    "data": "ab_data",
    "plan": "ab_planfolder",
    "areas": "ab_areas",
    "timeout": "ab_timeout",
    "parameters": "ab_parameters",
}
"""Keys of a parameter file that are shown, with their words."""
_DIGESTS = ("ledger", "files", "plan", "roster", "package")


def about_cells(run: Run, lang: str) -> list[dict[str, Any]]:
    """The staged cells of the page about a run."""
    return [markdown_cell(part(run, lang)) for part in (_run, _pages, _digests, _versions, _verify)]


def _run(run: Run, lang: str) -> str:
    say = partial(_say, lang)
    rows = [
        ("as_of", escape(run.as_of)),
        ("ab_synthetic", say("watermark" if run.synthetic else "ab_real")),
        ("ab_languages", escape(listed(lang, (NAMES[one] for one in run.langs)))),
        ("ab_formats", escape(listed(lang, (one.upper() for one in run.formats)))),
    ]
    asked = ((key, run.params.get(name)) for name, key in _ASKED.items())
    rows += [(key, _code(value)) for key, value in asked if value not in (None, "", {}, [])]
    table = _table(lang, ("ab_item", "ab_value"), [(word(lang, key), value) for key, value in rows])
    return f"## {say('ab_run')}\n\n{say('ab_run_text')}\n\n{table}"


def _pages(run: Run, lang: str) -> str:
    say = partial(_say, lang)
    pages = run.of(lang)
    counts = [sum(1 for p in pages if p.status == status) for status in ("done", "failed", "not_run")]
    text = f"## {say('ab_pages')}\n\n{escape(word(lang, 'ab_pages_text').format(len(pages), *counts))}\n\n"
    if lost := [p for p in pages if p.status != "done"]:
        rows = [
            (
                f"[{escape(p.title)}]({p.id}.html)" if p.status != "not_run" else escape(p.title),
                say(f"{p.status}_mark"),
                escape(p.reason or "—"),
            )
            for p in lost
        ]
        text += f"{say('ab_failed_text')}\n\n{_table(lang, ('ab_page', 'ab_state', 'ab_reason'), rows)}"
    return text


def _digests(run: Run, lang: str) -> str:
    say = partial(_say, lang)
    rows = [(word(lang, f"ab_{key}"), _code(run.digests[key])) for key in _DIGESTS if run.digests.get(key)]
    rows += [(escape(key), _code(value)) for key, value in run.digests.items() if key not in _DIGESTS and value]
    table = _table(lang, ("ab_item", "ab_value"), rows)
    return f"## {say('ab_digests')}\n\n{say('ab_digests_text')}\n\n{table}"


def _versions(run: Run, lang: str) -> str:
    say = partial(_say, lang)
    rows = [(escape(name), _code(version)) for name, version in sorted(run.versions.items())]
    text = f"## {say('ab_versions')}\n\n{_table(lang, ('ab_library', 'ab_version'), rows)}"
    verdict = run.environment.get("verdict")
    if verdict in ("as_pinned", "differs", "not_pinned"):
        text += f"\n\n### {say('ab_environment')}\n\n{say(f'ab_{verdict}')}\n\n"
        differs: Mapping[str, Sequence[str]] = run.environment.get("differs") or {}
        if differs:
            pairs = [(escape(name), _code(then), _code(now)) for name, (then, now) in sorted(differs.items())]
            text += _table(lang, ("ab_library", "ab_pinned", "ab_found"), pairs)
    return text


def _verify(run: Run, lang: str) -> str:
    say = partial(_say, lang)
    # Where the run lies is not told: the same run in another folder has the same bytes.
    file = str(run.params.get("file") or "")
    folder = f"reports/{PurePosixPath(file).stem}" if file else word(lang, "ab_folder")
    commands = "\n".join(f"greenreport {what} {folder}" for what in ("verify", "reproduce"))
    return f"## {say('ab_verify')}\n\n{say('ab_verify_text')}\n\n```\n{commands}\n```\n"


def _say(lang: str, key: str) -> str:
    return escape(word(lang, key))


def _code(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"[{escape(text)}]{{.gr-code}}"


def _table(lang: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[word(lang, key) for key in heads], ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
