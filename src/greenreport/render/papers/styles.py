"""The Word styles of the papers: by GB/T 9704-2012 in Chinese, by the habits of statistical reports in English.

Made from Pandoc's reference document, whose style names its writer uses, or put into a user's own template as far as
that lacks them. Must not know what a paper says.
"""

from __future__ import annotations

import copy
import io
import zipfile
from dataclasses import dataclass
from functools import cache, partial

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from greenreport.render.papers.parts import LAYOUT
from greenreport.render.word import face as set_face
from greenreport.render.word import packed, plain_reference

__all__ = ["reference"]


@dataclass(frozen=True)
class Look:
    """How one paper is set: sizes and pitch in points, margins in millimetres (top, bottom, left, right)."""

    size: float
    pitch: float
    margins: tuple[float, float, float, float]


_LOOKS = {
    # A4 with a type area of 156 × 225 mm: 22 lines of 28 characters of size three (16 pt).
    ("zh", "report"): Look(16, 28.95, (37, 35, 28, 26)),
    ("zh", "brief"): Look(14, 21, (30, 27, 28, 26)),
    ("en", "report"): Look(11, 16.5, (28, 27, 27, 27)),
    ("en", "brief"): Look(10.5, 15, (24, 22, 27, 27)),
}
# Han and Latin faces: of text, first headings, second headings, titles.
_FACES = {
    "zh": {
        "text": ("仿宋_GB2312", "Times New Roman"),
        "head": ("黑体", "Times New Roman"),
        "second": ("楷体_GB2312", "Times New Roman"),
        "title": ("方正小标宋简体", "Times New Roman"),
        "table": ("宋体", "Times New Roman"),
    },
    "en": {
        "text": ("宋体", "Times New Roman"),
        "head": ("黑体", "Arial"),
        "second": ("黑体", "Arial"),
        "title": ("黑体", "Arial"),
        "table": ("黑体", "Arial"),
    },
}
_INSTEAD = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "方正小标宋简体": "华文中宋",
}
"""What Word takes where a face is not installed; nothing is embedded."""
_CENTER, _LEFT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_RED, _GREY = RGBColor(0xA1, 0x36, 0x2A), RGBColor(0x5B, 0x66, 0x61)
_TABLE = f"""<w:tblPr {nsdecls("w")}><w:tblBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="auto"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="auto"/>
<w:insideH w:val="single" w:sz="2" w:space="0" w:color="A6A6A6"/></w:tblBorders><w:tblCellMar>
<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>"""
_FIRST_ROW = f"""<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>"""
_TEMPLATE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def reference(lang: str, form: str, own: bytes | None) -> bytes:
    """The document whose styles and page Pandoc takes over.

    Args:
        lang: `zh` or `en`.
        form: `report` or `brief`.
        own: a user's template: its page and styles stay, and what it lacks is added.
    """
    ours = _ours(lang, form)
    if own is None:
        return ours
    theirs = Document(io.BytesIO(_as_document(own)))
    known = {style.name.casefold() for style in theirs.styles if style.name}
    ids = {style.style_id for style in theirs.styles}
    for style in Document(io.BytesIO(ours)).styles:
        if style.name and style.name.casefold() not in known and style.style_id not in ids:
            theirs.styles.element.append(copy.deepcopy(style.element))
    return packed(theirs)


def _as_document(template: bytes) -> bytes:
    """A template as a document: only its type differs."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item, source.read(item.filename).replace(_TEMPLATE, _DOCUMENT))
    return out.getvalue()


@dataclass(frozen=True)
class _Habits:
    """What Chinese and English papers do differently; sizes and spaces in points."""

    indent: bool
    """Whether paragraphs and headings begin two characters in; otherwise space parts them."""
    bold: bool
    heads: tuple[tuple[str, float, bool], ...]
    """Face, size as a multiple of the text's, and weight of each level of headings."""
    head_space: tuple[float, float]
    unlisted: float | None
    """Size of headings that the contents leave out; the text's where there is none."""
    after: float
    after_unlisted: float
    cover_field: float
    cover_date: float
    caption: float
    caption_align: WD_ALIGN_PARAGRAPH
    contents: float
    number: float
    """Size of a report's page numbers."""


_HABITS = {
    "zh": _Habits(
        indent=True, bold=False, heads=(("head", 1.0, False), ("second", 1.0, False), ("text", 1.0, True)),
        head_space=(0, 0), unlisted=None, after=0, after_unlisted=0, cover_field=16, cover_date=12, caption=10.5,
        caption_align=_CENTER, contents=11, number=14,
    ),
    "en": _Habits(
        indent=False, bold=True, heads=(("head", 1.45, True), ("head", 1.2, True), ("head", 1.05, True)),
        head_space=(14, 5), unlisted=16, after=5, after_unlisted=8, cover_field=11, cover_date=10, caption=10,
        caption_align=_LEFT, contents=10.5, number=10,
    ),
}  # fmt: skip


@cache
def _ours(lang: str, form: str) -> bytes:
    document = plain_reference()
    look, habits, brief = _LOOKS[lang, form], _HABITS[lang], form == "brief"
    styles = _Styles(document, lang)
    _text_styles(styles, look, habits)
    title, size, above, after = (20, 10, 0, 10) if brief else (22, 16, 90, 30)
    styles.set("Title", "title", title, align=_CENTER, bold=habits.bold, before=0 if brief else 24, after=12)
    styles.set("Subtitle", "text", size, align=_CENTER, after=after, before=above)
    styles.set("Cover Notice", "head", 13, align=_CENTER, after=150, colour=_RED)
    styles.set("Cover Field", "text", habits.cover_field, align=_LEFT, after=10, left=Mm(38))
    styles.set("Cover Date", "text", habits.cover_date, align=_CENTER, before=60, colour=_GREY)
    # The sizes that the filter works out the widths of columns by.
    for name, points in zip(("Table Text", "Table Text Narrow"), LAYOUT[lang, form][2], strict=False):
        styles.set(name, "table", points, pitch=round(points * 1.25, 1), align=_LEFT)
    styles.set("Table Note", "table", 8.5, align=_LEFT, before=2, after=4, colour=_GREY)
    styles.set("Table Caption", "head", habits.caption, align=habits.caption_align, before=8, after=3)
    styles.set("Image Caption", "head", habits.caption, align=habits.caption_align, before=3, after=8)
    styles.set("Figure", "text", look.size, align=_CENTER, before=4)
    styles.set("Footnote Text", "text", 9, align=_BOTH)
    _contents_styles(styles, look, habits)
    styles.set("Header", "head", 9, align=WD_ALIGN_PARAGRAPH.RIGHT, colour=_RED)
    styles.set("Footer", "table", 10 if brief else habits.number, align=_LEFT)
    for name in ("Figure", "Table Caption"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Hyperlink"].font.color.rgb = RGBColor(0, 0, 0)
    _table_style(document)
    _faces(document)
    _page(document, look, lang == "zh")
    return packed(document)


def _text_styles(styles: _Styles, look: Look, habits: _Habits) -> None:
    """Running text and headings: in Chinese all on the pitch of the page's lines, without space between them."""
    for name in ("Normal", "Body Text", "First Paragraph", "Compact"):
        styles.set(name, "text", look.size, pitch=look.pitch, align=_BOTH, indent=habits.indent, after=habits.after)
    styles.set("Compact", "text", look.size, pitch=look.pitch, align=_BOTH)
    pitch = look.pitch if habits.indent else None
    heading = partial(styles.set, pitch=pitch, indent=habits.indent)
    size = habits.unlisted or look.size
    heading("Heading Unlisted", "head", size, after=habits.after_unlisted, bold=habits.bold)
    for level, (face, scale, bold) in enumerate(habits.heads, 1):
        style = heading(f"Heading {level}", face, look.size * scale, bold=bold, align=_LEFT)
        before, after = habits.head_space
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True


def _contents_styles(styles: _Styles, look: Look, habits: _Habits) -> None:
    """The contents: its heading and its two levels of entries, with the page numbers at the right edge."""
    styles.set("TOC Heading", "head", 16, align=_CENTER, after=10, bold=habits.bold)
    edge = Mm(210 - look.margins[2] - look.margins[3])
    for level, (face, left) in enumerate((("head", 0), ("text", 22)), 1):
        style = styles.set(f"TOC {level}", face, habits.contents, align=_LEFT, after=2)
        style.element.name_val = f"toc {level}"  # Word's own name of it, by which it renews the contents
        style.paragraph_format.left_indent = Pt(left)
        style.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


class _Styles:
    """Sets styles of one language, adding those that are not there."""

    def __init__(self, document: Doc, lang: str) -> None:
        self._styles, self._faces = document.styles, _FACES[lang]

    def set(
        self,
        name: str,
        face: str,
        size: float,
        *,
        pitch: float | None = None,
        align: WD_ALIGN_PARAGRAPH | None = None,
        indent: bool = False,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        left: Mm | None = None,
        colour: RGBColor | None = None,
    ) -> ParagraphStyle:
        """One paragraph style, all of it: nothing of Pandoc's own look is left."""
        known = {style.name: style for style in self._styles}
        style = known.get(name) or self._styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        for part in ("w:rPr", "w:pPr"):
            if (found := style.element.find(qn(part))) is not None:
                outline = found.find(qn("w:outlineLvl"))
                style.element.remove(found)
                if outline is not None:
                    style.element.get_or_add_pPr().append(outline)
        font = style.font
        # Whether a cell is bold its table says, by the row.
        font.size, font.bold, font.italic = Pt(size), None if face == "table" else bold, False
        font.color.rgb = colour or RGBColor(0, 0, 0)
        set_face(style.element.get_or_add_rPr(), *self._faces[face])
        form = style.paragraph_format
        form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(after)
        if pitch is not None:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
        else:
            form.line_spacing = 1.0
        if pitch is None or face == "table":
            # Only text stands on the lines of the page; tables and captions have their own pitch.
            style.element.get_or_add_pPr().insert_element_before(
                parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'), "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
            )
        form.left_indent = left
        form.widow_control = True
        form.first_line_indent = Pt(size * 2) if indent else Pt(0)
        characters = style.element.get_or_add_pPr().get_or_add_ind()
        characters.set(qn("w:firstLineChars"), "200" if indent else "0")
        style.hidden, style.quick_style = False, True
        return style


def _table_style(document: Doc) -> None:
    style = document.styles["Table"]
    for part in ("w:tblPr", "w:tblStylePr"):
        for found in style.element.findall(qn(part)):
            style.element.remove(found)
    style.element.append(parse_xml(_TABLE))
    style.element.append(parse_xml(_FIRST_ROW))


def _faces(document: Doc) -> None:
    """Names what Word takes where a face is missing."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>' for face, other in _INSTEAD.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _page(document: Doc, look: Look, zh: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = look.margins
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    # The page number stands 7 mm below the type area.
    section.header_distance, section.footer_distance = Mm(15), Mm(max(12.0, bottom - 7 - 5))
    if zh:
        for found in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(found)
        grid = f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{round(look.pitch * 20)}"/>'
        section._sectPr.append(parse_xml(grid))
