"""About a run, from its manifest: what it was asked for, what it rests on, what was made, how to check it.

Makes Markdown cells in one language. It must not know how pages are typeset or how they were calculated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from greenreport.render.cells import escape, markdown_cell
from greenreport.render.source import Run
from greenreport.render.words import NAMES, listed, word

__all__ = ["about_cells"]

_SHOWN = ("file", "data", "plan", "areas", "timeout", "parameters")
_DIGESTS = ("ledger", "files", "plan", "roster", "package")


def about_cells(run: Run, lang: str) -> list[dict[str, Any]]:
    """The staged cells of the page about a run.

    Args:
        run: the run.
        lang: `zh` or `en`.
    """
    parts = [_run(run, lang), _pages(run, lang), _digests(run, lang), _versions(run, lang), _verify(run, lang)]
    return [markdown_cell(part) for part in parts]


def _run(run: Run, lang: str) -> str:
    say = _speaker(lang)
    asked = run.params
    rows: list[tuple[str, str]] = [
        (word(lang, "as_of"), escape(run.as_of)),
        (word(lang, "ab_synthetic"), escape(word(lang, "watermark" if run.synthetic else "ab_real"))),
        (word(lang, "ab_languages"), escape(listed(lang, (NAMES[one] for one in run.langs)))),
        (word(lang, "ab_formats"), escape(listed(lang, (one.upper() for one in run.formats)))),
    ]
    names = {
        "file": "ab_file",
        "data": "ab_data",
        "plan": "ab_planfolder",
        "areas": "ab_areas",
        "timeout": "ab_timeout",
    }
    for key in _SHOWN:
        value = asked.get(key)
        if value not in (None, "", {}, []):
            rows.append((word(lang, names.get(key, "ab_parameters")), _code(value)))
    return (
        f"## {say('ab_run')}\n\n{say('ab_run_text')}\n\n{_table((word(lang, 'ab_item'), word(lang, 'ab_value')), rows)}"
    )


def _pages(run: Run, lang: str) -> str:
    say = _speaker(lang)
    pages = run.of(lang)
    counts = [sum(1 for p in pages if p.status == status) for status in ("done", "failed", "not_run")]
    text = f"## {say('ab_pages')}\n\n{escape(word(lang, 'ab_pages_text').format(len(pages), *counts))}\n\n"
    lost = [p for p in pages if p.status != "done"]
    if lost:
        heads = (word(lang, "ab_page"), word(lang, "ab_state"), word(lang, "ab_reason"))
        rows = [
            (_link(p.title, p.id, p.status), escape(word(lang, f"{p.status}_mark")), escape(p.reason or "—"))
            for p in lost
        ]
        text += f"{say('ab_failed_text')}\n\n{_table(heads, rows)}"
    return text


def _digests(run: Run, lang: str) -> str:
    say = _speaker(lang)
    known = [key for key in _DIGESTS if run.digests.get(key)]
    rows = [(word(lang, f"ab_{key}"), _code(run.digests[key])) for key in known]
    rows += [(escape(key), _code(value)) for key, value in run.digests.items() if key not in _DIGESTS and value]
    heads = (word(lang, "ab_item"), word(lang, "ab_value"))
    return f"## {say('ab_digests')}\n\n{say('ab_digests_text')}\n\n{_table(heads, rows)}"


def _versions(run: Run, lang: str) -> str:
    say = _speaker(lang)
    rows = [(escape(name), _code(version)) for name, version in sorted(run.versions.items())]
    text = f"## {say('ab_versions')}\n\n{_table((word(lang, 'ab_library'), word(lang, 'ab_version')), rows)}"
    verdict = run.environment.get("verdict")
    if verdict in ("as_pinned", "differs", "not_pinned"):
        text += f"\n\n### {say('ab_environment')}\n\n{say(f'ab_{verdict}')}\n\n"
        differs: Mapping[str, Sequence[str]] = run.environment.get("differs") or {}
        if differs:
            heads = tuple(word(lang, key) for key in ("ab_library", "ab_pinned", "ab_found"))
            text += _table(heads, [(escape(n), _code(a), _code(b)) for n, (a, b) in sorted(differs.items())])
    return text


def _verify(run: Run, lang: str) -> str:
    say = _speaker(lang)
    # Where the run lies is not told: the same run in another folder has the same bytes.
    file = str(run.params.get("file") or "")
    folder = f"reports/{PurePosixPath(file).stem}" if file else word(lang, "ab_folder")
    commands = "\n".join(f"greenreport {what} {folder}" for what in ("verify", "reproduce"))
    return f"## {say('ab_verify')}\n\n{say('ab_verify_text')}\n\n```\n{commands}\n```\n"


def _speaker(lang: str) -> Any:
    return lambda key: escape(word(lang, key))


def _link(title: str, page: str, status: str) -> str:
    return f"[{escape(title)}]({page}.html)" if status != "not_run" else escape(title)


def _code(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"[{escape(text)}]{{.gr-code}}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
