"""Papers as Word files: Pandoc writes them in the papers' styles, python-docx finishes what Pandoc has no word for.

That is the cover's fields, the contents with their entries, pages turned round, tables that hold together, page
numbers outside, and the properties of the file. Must not know what a paper says.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.table import Table
from docx.text.paragraph import Paragraph

from greenreport.render.jobs import timestamp
from greenreport.render.markdown import to_markdown
from greenreport.render.pandoc import Form, convert, pandoc
from greenreport.render.papers.parts import Paper
from greenreport.render.papers.pdf import COVER, told
from greenreport.render.papers.styles import reference
from greenreport.render.source import Run
from greenreport.render.word import only, packed, picture
from greenreport.render.words import TAGS, as_of_line, mark, word

__all__ = ["paper_docx"]

_MARK = "gr-mark"
_PRINT = 2.5
"""Pictures have so many times the pixels of a screen: 300 to the inch on paper."""
_LISTED = {"Heading 1": 1, "Heading 2": 2}


def paper_docx(run: Run, paper: Paper, pages: Sequence[tuple[int, str, int]], own: bytes | None) -> bytes:
    """One paper as a Word file.

    Args:
        run: its run.
        paper: the paper.
        pages: the headings of its PDF with their pages, which the contents show until Word counts by itself.
        own: a user's template.
    """
    lang, svgs = paper.staged.page.lang, paper.staged.svgs
    form = Form("json", told(paper) | {"gr-target": "docx"})
    made = json.loads(convert(to_markdown(paper.staged, "print"), [form], about=paper.name)[0])
    made["meta"] = {}
    made["blocks"] = _front(run, paper, lang) + made["blocks"]
    with tempfile.TemporaryDirectory(prefix="greenreport-") as name:
        folder = Path(name)
        (folder / "figures").mkdir()
        for label, svg in svgs.items():
            (folder / "figures" / f"{label}.png").write_bytes(picture(svg, scale=_PRINT))
        styles = folder / "reference.docx"
        styles.write_bytes(reference(lang, paper.form, own))
        options = ["--from=json", "--to=docx", "--output=-", f"--reference-doc={styles}", f"--resource-path={folder}"]
        file = pandoc(json.dumps(made), options, about=f"{paper.name}.docx", epoch=timestamp(run.as_of))
    document = Document(io.BytesIO(file))
    _finish(document, run, paper, lang, pages, keep_page=own is not None)
    return packed(document)


def _front(run: Run, paper: Paper, lang: str) -> list[Any]:
    """The cover of a report, the head of a brief."""
    asof = as_of_line(run.as_of, lang)
    if paper.form != "report":
        return [_styled("Title", paper.title), _styled("Subtitle", f"{run.title[lang]} · {asof}")]
    blocks = [_styled("Subtitle", run.title[lang]), _styled("Title", paper.title)]
    blocks.append(_styled("Cover Notice", word(lang, "watermark") if run.synthetic else "\u00a0"))
    colon = mark(lang, "colon")
    for name in COVER:
        label = word(lang, f"cover_{name}")
        inner = [
            {"t": "Str", "c": label + colon},
            {"t": "RawInline", "c": ["openxml", _field(label, name, word(lang, "cover_fill"))]},
        ]
        blocks.append(_div("Cover Field", inner))
    return [*blocks, _styled("Cover Date", asof)]


def _field(label: str, name: str, fill: str) -> str:
    """A content control that shows what is to be filled in."""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{xml(label)}"/><w:tag w:val="{name}"/><w:showingPlcHdr/><w:text/></w:sdtPr>'
        f'<w:sdtContent><w:r><w:rPr><w:color w:val="808080"/></w:rPr><w:t xml:space="preserve">{xml(fill)}</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )


def _styled(style: str, text: str) -> Any:
    return _div(style, [{"t": "Str", "c": text}])


def _div(style: str, inlines: list[Any]) -> Any:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], [{"t": "Para", "c": inlines}]]}


def _finish(
    document: Doc, run: Run, paper: Paper, lang: str, pages: Sequence[tuple[int, str, int]], *, keep_page: bool
) -> None:
    ids = {style.name: style.style_id for style in document.styles}
    for table in document.tables:
        _hold(table, ids)
    for element in document.element.body.iterchildren(qn("w:p")):
        if element.find(f".//{qn('w:drawing')}") is not None and "Figure" in ids:
            element.get_or_add_pPr().get_or_add_pStyle().val = ids["Figure"]
    listed = _bookmarked(document)
    _lay_out(document, lang, listed, pages)
    if not keep_page:
        _furnish(document, run, paper, lang)
    _settings(document)
    about = document.core_properties
    about.title, about.subject, about.author = paper.title, run.title[lang], run.title[lang]
    about.language, about.keywords, about.comments = TAGS[lang], "", as_of_line(run.as_of, lang)
    day = dt.datetime.fromisoformat(run.as_of[:10])
    about.created = about.modified = day
    about.last_modified_by, about.revision = "", 1


def _hold(table: Table, ids: Mapping[str | None, str]) -> None:
    """Rows stay whole, cells have their own style, the columns the widths that the filter worked out."""
    style = ids.get("Table Text Narrow" if len(table._tbl.tblGrid.gridCol_lst) > 8 else "Table Text")
    properties = table._tbl.tblPr
    if properties.find(qn("w:tblLayout")) is None:
        properties.append(parse_xml(f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>'))
    for row in table._tbl.tr_lst:
        holder = row.get_or_add_trPr()
        if holder.find(qn("w:cantSplit")) is None:
            holder.insert(0, parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for element in row.iter(qn("w:p")) if style else ():
            element.get_or_add_pPr().get_or_add_pStyle().val = style


def _bookmarked(document: Doc) -> list[tuple[int, str, str]]:
    """Depth, text and bookmark of each heading that the contents list."""
    out: list[tuple[int, str, str]] = []
    depths = {document.styles[name].style_id: depth for name, depth in _LISTED.items() if name in document.styles}
    for paragraph in document.paragraphs:
        depth = depths.get(paragraph._p.style or "")
        if depth is None:
            continue
        name, number = f"_Toc{len(out) + 1:08}", 8000 + len(out)
        start = f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'
        paragraph._p.get_or_add_pPr().addnext(parse_xml(start))
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))
        out.append((depth, paragraph.text, name))
    return out


def _lay_out(
    document: Doc, lang: str, listed: Sequence[tuple[int, str, str]], pages: Sequence[tuple[int, str, int]]
) -> None:
    """Turn the filter's marks into page breaks, the contents, and sections turned round."""
    upright = document.element.body.sectPr
    ends_turned = False
    for paragraph in _marks(document):
        what, after = paragraph.text, _next_block(paragraph)
        if what == "gr-contents":
            for one in _contents(lang, listed, pages):
                paragraph._p.addprevious(one)
        elif what == "gr-turn-back" and after is None:
            paragraph.clear()  # type: ignore[no-untyped-call]  # Word wants a paragraph after a table
            ends_turned = True
            continue
        elif what in ("gr-turn", "gr-turn-back") and _section_ends(paragraph, upright, turned=what == "gr-turn-back"):
            continue
        if what in ("gr-page", "gr-contents") and after is not None and after.tag == qn("w:p"):
            Paragraph(after, paragraph._parent).paragraph_format.page_break_before = True
        paragraph._p.getparent().remove(paragraph._p)
    # What follows pages turned round begins on a page of its own anyway. The last section turns when all others are made
    # after it.
    if ends_turned:
        _turn(upright)


def _marks(document: Doc) -> list[Paragraph]:
    """The paragraphs that carry the filter's marks."""
    if _MARK not in document.styles:
        return []
    style = document.styles[_MARK].style_id
    return [one for one in document.paragraphs if one._p.style == style]


def _next_block(paragraph: Paragraph) -> Any:
    """The paragraph or table below; nothing at the end of the document."""
    return next((one for one in paragraph._p.itersiblings() if one.tag in (qn("w:p"), qn("w:tbl"))), None)


def _section_ends(paragraph: Paragraph, upright: Any, *, turned: bool) -> bool:
    """End a section before a mark: in the paragraph above it, or else in the mark's own, which is then kept (true)."""
    section = copy.deepcopy(upright)
    if turned:
        _turn(section)
    before = paragraph._p.getprevious()
    if before is not None and before.tag == qn("w:p"):
        before.get_or_add_pPr().append(section)
        return False
    paragraph._p.get_or_add_pPr().append(section)
    for run in paragraph._p.findall(qn("w:r")):
        paragraph._p.remove(run)
    return True


def _turn(section: Any) -> None:
    turned = Section(section, None)  # type: ignore[arg-type]
    turned.orientation = WD_ORIENT.LANDSCAPE
    turned.page_width, turned.page_height = turned.page_height, turned.page_width
    # The type area turns with the page: what was on the left is now above.
    turned.top_margin, turned.bottom_margin, turned.left_margin, turned.right_margin = (
        turned.left_margin,
        turned.right_margin,
        turned.bottom_margin,
        turned.top_margin,
    )


def _contents(lang: str, listed: Sequence[tuple[int, str, str]], pages: Sequence[tuple[int, str, int]]) -> list[Any]:
    """The contents as a field that shows its entries and that Word renews when the file is opened."""
    numbers = [number for depth, _, number in pages if depth <= len(_LISTED)]
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    code = r'<w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r>'
    opening = f'{begin}{code}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    closing = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    out = [_paragraph("TOCHeading", f"<w:r><w:t>{xml(word(lang, 'toc'))}</w:t></w:r>", breaks=True)]
    for n, (depth, text, name) in enumerate(listed):
        number = numbers[n] if n < len(numbers) else ""
        entry = (
            f'<w:hyperlink w:anchor="{name}" w:history="1"><w:r><w:t xml:space="preserve">{xml(text)}</w:t></w:r>'
            f"<w:r><w:tab/></w:r>{_complex(f'PAGEREF {name} ' + chr(92) + 'h', str(number))}</w:hyperlink>"
        )
        first, last = n == 0, n == len(listed) - 1
        out.append(_paragraph(f"TOC{depth}", f"{opening if first else ''}{entry}{closing if last else ''}"))
    return out


def _complex(code: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _paragraph(style: str, inner: str, *, breaks: bool = False) -> Any:
    turn = "<w:pageBreakBefore/>" if breaks else ""
    return parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/>{turn}</w:pPr>{inner}</w:p>')


def _furnish(document: Doc, run: Run, paper: Paper, lang: str) -> None:
    """Page numbers outside, the notice of demonstration data above; a cover has neither."""
    document.settings.odd_and_even_pages_header_footer = True
    for n, section in enumerate(document.sections):
        section.different_first_page_header_footer = n == 0 and paper.form == "report"
        for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            footer.is_linked_to_previous = n > 0
            if n == 0:
                number = _complex("PAGE", "1")
                dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
                inner = f"{dash.format('— ')}{number}{dash.format(' —')}" if lang == "zh" else number
                indent = (
                    'w:leftChars="100" w:rightChars="100" w:left="280" w:right="280"' if lang == "zh" else 'w:left="0"'
                )
                line = f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Footer"/><w:ind {indent}/><w:jc w:val="{side}"/></w:pPr>{inner}</w:p>'
                only(footer._element, line)
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = n > 0
            if n == 0:
                notice = xml(word(lang, "watermark")) if run.synthetic else ""
                only(
                    header._element,
                    f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t>{notice}</w:t></w:r></w:p>',
                )


def _settings(document: Doc) -> None:
    """Today's Word: no compatibility mode, and no language of the reference document."""
    settings = document.settings.element
    for name in ("w:compat", "w:themeFontLang", "w:trackRevisions"):
        for found in settings.findall(qn(name)):
            settings.remove(found)
    uri = "http://schemas.microsoft.com/office/word"
    mode = f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/></w:compat>'
    after = ("w:rsids", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol", "w:listSeparator")
    place = next((found for name in after if (found := settings.find(qn(name))) is not None), None)
    place.addprevious(parse_xml(mode)) if place is not None else settings.append(parse_xml(mode))
