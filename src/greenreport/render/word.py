"""What Word needs: a style sheet in the report's faces, running head and foot, and pictures that every Word draws.

The style sheet is Pandoc's own, with the faces, A4, page numbers and the notice of demonstration data put in. This
module must not know the report's text.
"""

from __future__ import annotations

import atexit
import io
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape as xml

import vl_convert

from greenreport import fonts
from greenreport.render.glyphs import chart_face
from greenreport.render.pandoc import pandoc

__all__ = ["picture", "style_sheet"]

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FACES = {"zh": ("宋体", "黑体", "Times New Roman", "Arial"), "en": ("宋体", "黑体", "Cambria", "Calibri")}
_NOTE = (
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableNote"><w:name w:val="Table Note"/>'
    '<w:basedOn w:val="Compact"/><w:qFormat/>{look}</w:style>'
)
_PARTS = {"header": "rIdGrHead", "footer": "rIdGrFoot"}
_GREEN, _GREY, _RED = "17624A", "5B6661", "A1362A"


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


def style_sheet(lang: str, *, site: str, notice: str, asof: str) -> bytes:
    """A reference document for Pandoc.

    Args:
        lang: `zh` sets indents and faces as Chinese reports have them; `en` as English ones.
        site: what stands on the left of the running head.
        notice: what stands on its right, empty for real data.
        asof: what stands on the left of the foot.
    """
    plain = pandoc("", ["--print-default-data-file=reference.docx"], about="reference.docx")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "word/styles.xml":
                text = _styles(text, lang)
            elif name == "word/document.xml":
                before, after = _section()
                text = text.replace("<w:sectPr>", f"<w:sectPr>{before}", 1).replace(
                    "</w:sectPr>", f"{after}</w:sectPr>", 1
                )
            elif name == "word/_rels/document.xml.rels":
                text = text.replace("</Relationships>", f"{_relations()}</Relationships>")
            elif name == "[Content_Types].xml":
                text = text.replace("</Types>", f"{_types()}</Types>")
            _add(target, name, text)
        _add(target, "word/header1.xml", _header(site, notice))
        _add(target, "word/footer1.xml", _footer(lang, asof))
    return out.getvalue()


def _add(target: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(info, text.encode())


def _faces(han: str, latin: str) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{han}" w:cs="{latin}"/>'


def _styles(text: str, lang: str) -> str:
    song, hei, serif, sans = _FACES[lang]
    text = re.sub(r"<w:rFonts\b[^>]*minorHAnsi[^>]*/>", _faces(song, serif), text)
    text = re.sub(r"<w:rFonts\b[^>]*majorHAnsi[^>]*/>", _faces(hei, sans), text)
    text = re.sub(
        r'<w:sz w:val="24" />\s*<w:szCs w:val="24" />', '<w:sz w:val="21"/><w:szCs w:val="21"/>', text, count=1
    )
    indent = '<w:ind w:firstLineChars="200" w:firstLine="420"/><w:jc w:val="both"/>' if lang == "zh" else ""
    text = _inside(text, "BodyText", f'<w:spacing w:before="60" w:after="60" w:line="336" w:lineRule="auto"/>{indent}')
    text = _inside(
        text,
        "Compact",
        '<w:spacing w:before="20" w:after="20"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/>',
    )
    text = _style(text, "Compact", lambda s: s.replace("</w:style>", f"{_small()}</w:style>"))
    note = _NOTE.format(look=_small(_GREY))
    text = text.replace("</w:styles>", f"{note}</w:styles>")
    text = _style(
        text, "Caption", lambda s: re.sub(r"<w:i ?/>", "", s.replace("<w:rPr>", f"<w:rPr>{_faces(hei, sans)}"))
    )
    text = _style(text, "Heading1", lambda s: s.replace("<w:keepLines />", "<w:keepLines /><w:pageBreakBefore/>"))
    for level, size in ((1, 36), (2, 28), (3, 24), (4, 22)):
        colour = _GREEN if level <= 2 else "1C2421"
        text = _style(text, f"Heading{level}", lambda s, c=colour, z=size: _heading(s, c, z))
    rule = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'
    borders = "".join(
        rule.format(side, size, colour)
        for side, size, colour in (("top", 8, "1C2421"), ("bottom", 8, "1C2421"), ("insideH", 2, "C9D3CE"))
    )
    return _style(
        text,
        "Table",
        lambda s: s.replace("<w:tblCellMar>", f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>", 1).replace(
            'w:w="108"', 'w:w="60"'
        ),
    )


def _small(colour: str = "1C2421") -> str:
    return f'<w:rPr><w:color w:val="{colour}"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'


def _heading(style: str, colour: str, size: int) -> str:
    style = re.sub(r"<w:color\b[^>]*/>", f'<w:color w:val="{colour}"/>', style)
    style = re.sub(r'<w:(sz|szCs) w:val="\d+" ?/>', rf'<w:\1 w:val="{size}"/>', style)
    return style.replace("<w:semiHidden />", "").replace("<w:color ", "<w:b/><w:color ", 1)


def _style(text: str, name: str, change: object) -> str:
    pattern = re.compile(rf'<w:style [^>]*w:styleId="{name}".*?</w:style>', re.S)
    return pattern.sub(lambda m: change(m[0]), text, count=1)  # type: ignore[operator]


def _inside(text: str, name: str, properties: str) -> str:
    def change(style: str) -> str:
        return re.sub(r"<w:pPr>.*?</w:pPr>", lambda _: f"<w:pPr>{properties}</w:pPr>", style, count=1, flags=re.S)

    return _style(text, name, change)


def _section() -> tuple[str, str]:
    """What stands first and last in the section's properties: Word reads them in one order only."""
    references = "".join(
        f'<w:{kind}Reference xmlns:r="{_REL}" w:type="default" r:id="{key}"/>' for kind, key in _PARTS.items()
    )
    margins = 'w:top="1530" w:right="1418" w:bottom="1418" w:left="1418" w:header="850" w:footer="850" w:gutter="0"'
    return references, f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/>'


def _relations() -> str:
    return "".join(
        f'<Relationship Type="{_REL}/{kind}" Id="{key}" Target="{kind}1.xml" />' for kind, key in _PARTS.items()
    )


def _types() -> str:
    return "".join(f'<Override PartName="/word/{kind}1.xml" ContentType="{_TYPE}.{kind}+xml" />' for kind in _PARTS)


def _run(text: str, colour: str = _GREY) -> str:
    look = f'<w:rPr><w:color w:val="{colour}"/><w:sz w:val="16"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{xml(text)}</w:t></w:r>'


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>'


def _line(left: str, right: str) -> str:
    tab = '<w:pPr><w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs></w:pPr>'
    return f"<w:p>{tab}{left}<w:r><w:tab/></w:r>{right}</w:p>"


def _header(site: str, notice: str) -> str:
    return f"<w:hdr {_W}>{_line(_run(site), _run(notice, _RED))}</w:hdr>"


def _footer(lang: str, asof: str) -> str:
    page, pages = _field("PAGE"), _field("NUMPAGES")
    of = (
        f"{_run('第 ')}{page}{_run(' 页，共 ')}{pages}{_run(' 页')}"
        if lang == "zh"
        else f"{_run('Page ')}{page}{_run(' of ')}{pages}"
    )
    return f"<w:ftr {_W}>{_line(_run(asof), of)}</w:ftr>"
