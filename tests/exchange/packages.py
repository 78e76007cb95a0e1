# ruff: noqa: E501 - XML
"""A Word document and a workbook with everything that the readers take, for the golden files."""

from tests.exchange.office import docx, p, packed, references, tbl, tc, tr

_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:i/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Обычный"/></w:style>
<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="Заголовок"/><w:basedOn w:val="Normal"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/>
 <w:ind w:start="400"/></w:pPr><w:rPr><w:b/><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Under"><w:name w:val="Под ним"/><w:basedOn w:val="Head"/>
 <w:pPr><w:numPr><w:numId w:val="0"/></w:numPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="Bold"><w:name w:val="Жирный"/><w:rPr><w:b/><w:i w:val="0"/>
 <w:vertAlign w:val="baseline"/></w:rPr></w:style>"""
_NUMBERING = """
<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt
 w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/>
 <w:lvlText w:val="%1.%2)"/></w:lvl><w:lvl w:ilvl="2"><w:isLgl/><w:numFmt w:val="russianLower"/>
 <w:lvlText w:val="%1.%3"/><w:lvlRestart w:val="0"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="6"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText
 w:val="\uf0b7"/><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="6"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0">
 <w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:lvlOverride>
 </w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride
 w:val="7"/></w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="6"/></w:num>"""
_NOTES = """
<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t> Первая</w:t></w:r></w:p><w:p><w:r><w:t>и ещё</w:t>
 </w:r></w:p></w:footnote><w:footnote w:id="3"><w:p><w:r><w:t>Своя</w:t></w:r></w:p></w:footnote>"""


def _numbered(text: str, number: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    '<w:r><w:t>код</w:t><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_NESTED = (
    '<w:r><w:fldChar w:fldCharType="separate"/><w:fldChar w:fldCharType="end"/></w:r>'
    f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{_FIELD}<w:r><w:t>условие</w:t>'
    '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>итог</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_TEXTS = (
    f"<w:p>{_NESTED}</w:p>",
    p("Стиль", '<w:pStyle w:val="Head"/>'),
    p("Без номера", '<w:pStyle w:val="Under"/><w:ind w:left="100"/>'),
    *(_numbered("два", 1), _numbered("вложено", 1, 1), _numbered("глубоко", 1, 2)),
    *(_numbered("три", 1), _numbered("семь", 2), _numbered("точка", 3), _numbered("буква", 4)),
    "<w:p><w:pPr><w:pStyle w:val='Head'/></w:pPr>"
    + _run("обычный ")
    + _run("жирный дважды", '<w:rStyle w:val="Bold"/>')
    + _run("снят", "<w:strike/>")
    + _run("дважды", "<w:dstrike/><w:b w:val='0'/>")
    + _run("тайна", "<w:vanish/>")
    + _run("удалён знак", "<w:del/>")
    + "</w:p>",
    (
        '<w:p><w:bookmarkStart w:name="b1"/><w:bookmarkStart w:name="_GoBack"/>'
        f'<w:hyperlink r:id="rIdLink">{_run("ссылка")}</w:hyperlink>'
        f'<w:hyperlink w:anchor="b1">{_run("внутри")}</w:hyperlink>'
        f"<w:ins>{_run('вставлено')}<w:del><w:r><w:delText>и убрано</w:delText></w:r></w:del></w:ins>"
        f'<w:fldSimple w:instr="DATE">{_run("поле")}</w:fldSimple>{_FIELD}'
        f"<m:oMath {_M}><m:r><m:t>a=</m:t></m:r><m:r><m:t>b</m:t></m:r></m:oMath></w:p>"
    ),
    (
        f"<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{_run('введите')}"
        f"</w:sdtContent></w:sdt><w:sdt><w:sdtContent>{_run('введено')}</w:sdtContent></w:sdt><w:r>"
        '<w:br/><w:br w:type="page"/><w:br w:type="column"/><w:tab/><w:noBreakHyphen/><w:softHyphen/>'
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Arial" w:char="хх"/>'
        "<w:ruby><w:rt><w:r><w:t>рт</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>основа</w:t></w:r>"
        "</w:rubyBase></w:ruby><mc:AlternateContent><mc:Choice><w:t>новое</w:t></mc:Choice>"
        "<mc:Fallback><w:t>старое</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    ),
    (
        '<w:p><w:r><w:t>сноски</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:footnoteReference '
        'w:id="3" w:customMarkFollows="1"/><w:t>**</w:t></w:r><w:r><w:drawing><wps:txbx>'
        "<w:txbxContent><w:p><w:r><w:t>в рамке</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
        "</w:drawing></w:r></w:p>"
    ),
)
_TABLE = tbl(
    tr(
        tc("№", '<w:vMerge w:val="restart"/>'),
        tc("Дело", '<w:gridSpan w:val="2"/>'),
        properties="<w:tblHeader/>",
    ),
    tr(tc("", "<w:vMerge/>"), "а", "б"),
    tr(
        tc("под ней", "<w:vMerge/>"), tc(p("в") + tbl(tr("вложено"))), "г", properties="<w:hidden/>"
    ),
    tr("1", "удалено", "е", properties="<w:del/>"),
    tr("2", "вставлено", "з", properties="<w:ins/>"),
    tr("3", "после промежутка", properties='<w:gridBefore w:val="1"/>'),
)
_ROWS = """
<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
<c t="inlineStr"><is><t>вписан_x000D_о</t><rPh><t>чтение</t></rPh></is></c></row>
<row r="2" hidden="1"><c r="A2" s="2"><v>46082</v></c><c r="B2" s="3"><v>0.255</v></c>
<c r="C2" s="4"><v>1234.5</v></c><c r="D2" s="5"><v>0.75</v></c><c r="E2" t="b"><v>1</v></c>
<c r="F2" t="b"><v>0</v></c><c r="G2" t="e"><v>#N/A</v></c></row>
<row><c r="A3" t="str"><f>A1&amp;"x"</f><v>строка</v></c><c><f>SUM(A1)</f></c><c><f/><v>3</v></c>
<c t="d" s="2"><v>2026-03-01</v></c><c t="d"><v>2026-03-02</v></c><c><v>7</v></c></row>
<row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5" t="s"><v>1</v></c><c r="C5"/></row>
<row r="6"><c r="A6" t="s"><v>1</v></c><c r="B6" s="6"><v>5</v></c><c r="C6"><v>1</v></c>
<c r="E6" s="7"><v>-5.5</v></c><c r="F6" s="8"><v>46082.6</v></c><c r="G6" s="8"><v>46082.25</v></c></row>
<row r="9" hidden="true"><c r="A9"/></row>"""
_STRINGS = """
<si><t>простой</t></si><si><r><t>начало </t></r><r><rPr><strike/><vertAlign val="superscript"/></rPr>
<t>снято</t></r><r><rPr><b/><i val="0"/><vertAlign val="subscript"/></rPr><t>дальше</t></r></si>
<si><t>первая
вторая</t></si>"""
_FORMATS = """
<numFmts><numFmt numFmtId="170" formatCode="General&quot; шт.&quot;"/><numFmt numFmtId="171"
formatCode="0.00;[Red](0.0)"/><numFmt numFmtId="172" formatCode="dd.mm.yyyy h:mm AM/PM"/></numFmts>
<fonts><font/><font><b/><i/></font><font><strike val="1"/><b val="0"/></font></fonts><cellXfs>
<xf/><xf fontId="1"><alignment indent="2"/></xf><xf numFmtId="14" fontId="2"/><xf numFmtId="10"/>
<xf numFmtId="4"/><xf numFmtId="20"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/>
</cellXfs>"""


def _sheet(rows: str, around: str = "", after: str = "") -> str:
    return f"<worksheet {_S}>{around}<sheetData>{rows}</sheetData>{after}</worksheet>"


_WORKBOOK = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": references(("rId1", "officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": f'<workbook {_S} {_R}><sheets><sheet name="Ничей" r:id="rId8"/><sheet '
    'name="График" r:id="rId7"/><sheet name="Лист" r:id="rId1"/><sheet name="Тайный" r:id="rId2" '
    'state="veryHidden"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": references(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/sheet2.xml"),
        ("rId3", "sharedStrings", "sharedStrings.xml"),
        ("rId4", "styles", "styles.xml"),
        ("rId7", "chartsheet", "chartsheets/sheet1.xml"),
    ),
    "xl/sharedStrings.xml": f"<sst {_S}>{_STRINGS}</sst>",
    "xl/styles.xml": f"<styleSheet {_S}>{_FORMATS}</styleSheet>",
    "xl/chartsheets/sheet1.xml": f"<chartsheet {_S}/>",
    "xl/worksheets/sheet1.xml": _sheet(
        _ROWS,
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="0"/>'
        '<col min="6" max="99" hidden="true"/></cols>',
        '<mergeCells><mergeCell ref="A5:B5"/><mergeCell ref="C5:D9"/></mergeCells>',
    ),
    "xl/worksheets/_rels/sheet1.xml.rels": references(
        ("rId1", "hyperlink", "https://example.org/"),
        ("rId2", "comments", "../comments1.xml"),
        ("rId3", "drawing", "../drawings/drawing1.xml"),
    ),
    "xl/comments1.xml": f"<comments {_S}><commentList><comment/><comment/></commentList></comments>",
    "xl/drawings/drawing1.xml": "<wsDr "
    'xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><sp><txBody><a:p><a:r>'
    "<a:t>поверх</a:t></a:r></a:p><a:p><a:r><a:t>ячеек</a:t></a:r></a:p></txBody></sp></wsDr>",
    "xl/worksheets/sheet2.xml": _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
}

PACKAGES = {
    "whole.docx": docx(
        "".join((*_TEXTS, _TABLE)),
        "https://example.org/",
        styles=_STYLES,
        numbering=_NUMBERING,
        footnotes=_NOTES,
    ),
    "whole.xlsx": packed(_WORKBOOK),
}
"""The documents by their names."""
