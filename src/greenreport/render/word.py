"""What Word needs: a style sheet in the report's faces, running head and foot, and pictures that every Word draws.

The style sheet is Pandoc's own, with the faces, A4, page numbers and the notice of demonstration data put in. This
module must not know the report's text.
"""

from __future__ import annotations

import atexit
import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml

import vl_convert
from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor, Twips

from greenreport import fonts
from greenreport.render.glyphs import chart_face
from greenreport.render.pandoc import pandoc

__all__ = ["face", "only", "packed", "picture", "plain_reference", "style_sheet"]

_FACES = {"zh": ("宋体", "黑体", "Times New Roman", "Arial"), "en": ("宋体", "黑体", "Cambria", "Calibri")}
_GREEN, _INK, _GREY, _RED, _PALE = "17624A", "1C2421", "5B6661", "A1362A", "C9D3CE"
_SIZES = {1: 18, 2: 14, 3: 12, 4: None}
"""Sizes of headings in points; those of the fourth level are as large as the text."""


@cache
def _register() -> None:
    """Let vl-convert find the faces of charts; it reads them again for every picture, as long as the process lasts."""
    own = tempfile.TemporaryDirectory(prefix="greenreport-")
    atexit.register(own.cleanup)
    chart_face(Path(own.name))
    for folder in (own.name, str(fonts.sans().parent)):
        vl_convert.register_font_directory(folder)


def picture(svg: str, *, scale: float = 2) -> bytes:
    """A chart as PNG at so many times its size."""
    _register()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def plain_reference() -> Doc:
    """Pandoc's own reference document, whose style names its writer uses."""
    return Document(io.BytesIO(pandoc("", ["--print-default-data-file=reference.docx"], about="reference.docx")))


def packed(document: Doc) -> bytes:
    """A document as a file without the time at which it was packed."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


def face(properties: Any, han: str, latin: str) -> None:
    """Set the faces in the properties of a run or style."""
    element = properties.get_or_add_rFonts()
    element.attrib.clear()
    for slot, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", han)):
        element.set(qn(f"w:{slot}"), value)


def only(holder: Any, line: str) -> None:
    """Make one paragraph all that a header or footer holds."""
    for child in list(holder):
        holder.remove(child)
    holder.append(parse_xml(line))


def style_sheet(lang: str, *, site: str, notice: str, asof: str) -> bytes:
    """A reference document for Pandoc.

    Args:
        lang: `zh` sets indents and faces as Chinese reports have them; `en` as English ones.
        site: what stands on the left of the running head.
        notice: what stands on its right, empty for real data.
        asof: what stands on the left of the foot.
    """
    document = plain_reference()
    _set_faces(document, lang)
    _set_text(document, lang)
    _set_tables(document)
    section = document.sections[0]
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.top_margin, section.bottom_margin = Twips(1530), Twips(1418)
    section.left_margin = section.right_margin = Twips(1418)
    section.gutter = Twips(0)
    section.header_distance = section.footer_distance = Twips(850)
    page, pages = _field("PAGE"), _field("NUMPAGES")
    zh = f"{_run('第 ')}{page}{_run(' 页，共 ')}{pages}{_run(' 页')}"
    en = f"{_run('Page ')}{page}{_run(' of ')}{pages}"
    only(section.header._element, _line(_run(site), _run(notice, _RED)))
    only(section.footer._element, _line(_run(asof), zh if lang == "zh" else en))
    return packed(document)


def _set_faces(document: Doc, lang: str) -> None:
    """The report's faces in the place of the theme's, and a smaller text."""
    song, hei, serif, sans = _FACES[lang]
    root = document.styles.element
    for element in list(root.iter(qn("w:rFonts"))):
        theme = element.get(qn("w:asciiTheme"))
        if theme is not None:
            face(element.getparent(), *((song, serif) if theme.startswith("minor") else (hei, sans)))
    for name in ("w:sz", "w:szCs"):
        next(root.iter(qn(name))).set(qn("w:val"), "21")
    caption = next(style for style in document.styles if style.name == "Caption")
    face(caption.element.get_or_add_rPr(), hei, sans)
    caption.font.italic = None


def _set_text(document: Doc, lang: str) -> None:
    styles = document.styles
    body = styles["Body Text"].paragraph_format
    body.space_before, body.space_after, body.line_spacing = Pt(3), Pt(3), 1.4
    if lang == "zh":
        body.first_line_indent, body.alignment = Pt(21), WD_ALIGN_PARAGRAPH.JUSTIFY
        styles["Body Text"].element.pPr.ind.set(qn("w:firstLineChars"), "200")
    compact = styles["Compact"]
    form = compact.paragraph_format
    form.space_before, form.space_after, form.alignment = Pt(1), Pt(1), WD_ALIGN_PARAGRAPH.LEFT
    form.first_line_indent = Pt(0)
    compact.element.pPr.ind.set(qn("w:firstLineChars"), "0")
    note = styles.add_style("Table Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.quick_style = compact, True
    for style, colour in ((compact, _INK), (note, _GREY)):
        style.font.size, style.font.color.rgb = Pt(9), RGBColor.from_string(colour)
    styles["Heading 1"].paragraph_format.page_break_before = True
    for level, size in _SIZES.items():
        heading = styles[f"Heading {level}"]
        heading.hidden, heading.font.bold = False, True
        heading.font.color.rgb = RGBColor.from_string(_GREEN if level <= 2 else _INK)
        if size is not None:
            heading.font.size = Pt(size)


def _set_tables(document: Doc) -> None:
    """Rules above, below and between rows, and narrow cells."""
    margins = next(document.styles["Table"].element.iter(qn("w:tblCellMar")))
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
        for side, size, colour in (("top", 8, _INK), ("bottom", 8, _INK), ("insideH", 2, _PALE))
    )
    margins.addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{rules}</w:tblBorders>"))
    for side in ("w:left", "w:right"):
        margins.find(qn(side)).set(qn("w:w"), "60")


def _run(text: str, colour: str = _GREY) -> str:
    look = f'<w:rPr><w:color w:val="{colour}"/><w:sz w:val="16"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{xml(text)}</w:t></w:r>'


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>'


def _line(left: str, right: str) -> str:
    tab = '<w:pPr><w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs></w:pPr>'
    return f"<w:p {nsdecls('w')}>{tab}{left}<w:r><w:tab/></w:r>{right}</w:p>"
