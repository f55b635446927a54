-- What both engines do to every document: sections are numbered in the language's own way, numbers stay with their
-- units, printed tables fill the page, callouts and tables' notes take the theme's form. Runs before Quarto's own
-- filters, so that neither engine has a form of its own for any of it.

local target = FORMAT:match("typst") and "typst" or (FORMAT:match("docx") and "docx" or "html")
local zh = false

-- Callouts and notes ------------------------------------------------------------------------------------------------

local CALLOUTS = {
  note = { "说明", "Note" }, tip = { "提示", "Tip" }, important = { "重要", "Important" }, warning = { "注意", "Warning" },
  caution = { "警示", "Caution" },
}

local function wrapped(open, body, close)
  local out = pandoc.Blocks({ pandoc.RawBlock(target, open) })
  out:extend(body)
  out:insert(pandoc.RawBlock(target, close))
  return out
end

local function callout(div, kind)
  local body = div.content:clone()
  local title
  if body[1] and body[1].t == "Header" then
    title = body[1].content
    body:remove(1)
  else
    title = pandoc.Inlines(div.attributes.title or CALLOUTS[kind][zh and 1 or 2])
  end
  if target == "typst" then
    local head = wrapped('#gr-callout(kind: "' .. kind .. '", title: [', { pandoc.Plain(title) }, "])[")
    head:extend(body)
    head:insert(pandoc.RawBlock("typst", "]"))
    return head
  elseif target == "docx" then
    local head = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(title) }) })
    head:extend(body)
    return pandoc.Div(head, pandoc.Attr("", {}, { ["custom-style"] = "Callout" }))
  end
  local out = wrapped('<div class="gr-callout gr-callout-' .. kind .. '" role="note">\n<div class="gr-callout-title">',
    { pandoc.Plain(title) }, "</div>")
  out:extend(body)
  out:insert(pandoc.RawBlock("html", "</div>"))
  return out
end

local function on_div(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%l+)$")
    if kind and CALLOUTS[kind] then return callout(div, kind) end
    if class == "gr-note" and target == "docx" then
      return pandoc.Div(div.content, pandoc.Attr("", {}, { ["custom-style"] = "Table Note" }))
    end
    if class == "gr-note" and target == "typst" then return wrapped("#gr-note[", div.content, "]") end
  end
end

-- Numbers of sections -------------------------------------------------------------------------------------------------

local DIGITS = { "一", "二", "三", "四", "五", "六", "七", "八", "九" }

local function chinese(n)
  local tens, ones = n // 10, n % 10
  local ten = tens == 0 and "" or ((tens == 1 and "" or DIGITS[tens]) .. "十")
  return ten .. (DIGITS[ones] or "")
end

local function section_number(counts, depth)
  local n = counts[depth]
  if zh then
    if depth == 1 then return chinese(n) .. "、" end
    if depth == 2 then return "（" .. chinese(n) .. "）" end
    if depth == 3 then return n .. ". " end
    return "（" .. n .. "）"
  end
  return table.concat(counts, ".", 1, depth) .. "\u{2002}"
end

local function section_numberer(chapter)
  local counts = {}
  local offset = (chapter and not zh) and 1 or 0
  if offset == 1 then counts[1] = chapter end
  return function(header)
    local depth = header.level - 1 + offset
    if counts[1] and header.level == 2 and header.classes:includes("unnumbered") then
      counts = { zh and counts[1] or "A" } -- sections of an annex count by themselves
    end
    if header.level < 2 or header.level > 4 or header.classes:includes("unnumbered") then return nil end
    counts[depth] = (tonumber(counts[depth]) or 0) + 1
    for deeper = depth + 1, #counts do counts[deeper] = nil end
    for missing = 1, depth do counts[missing] = counts[missing] or 1 end
    header.content:insert(1, pandoc.Str(section_number(counts, depth)))
    return header
  end
end

-- Numbers and their units -----------------------------------------------------------------------------------------------

local UNITS = {
  "个百分点", "万亿元", "亿元", "万元", "万吨", "万辆", "万人", "公里", "平方米", "百分点", "亿", "万",
  "元", "吨", "辆", "年", "月", "日", "项", "个", "家", "场", "次", "倍", "区", "县", "%", "％", "‰",
}
local EN_UNITS = {
  ["%"] = true, ["billion"] = true, ["million"] = true, ["trillion"] = true, ["thousand"] = true, ["percentage"] = true,
  ["tonnes"] = true, ["points"] = true, ["vehicles"] = true, ["exhibitions"] = true, ["years"] = true, ["kt"] = true,
}

local function unit_at(text, from)
  for _, unit in ipairs(UNITS) do
    if text:sub(from, from + #unit - 1) == unit then return unit end
  end
end

-- Han, but not its punctuation: Typst sets a small gap between such a character and a figure.
local function han(code) return code and code >= 0x3400 and code <= 0x9FFF end

local function kept(text, unit, before, after)
  if target == "html" then return pandoc.Span({ pandoc.Str(text) }, pandoc.Attr("", { "gr-nb" })) end
  local gaps = {}
  if han(before) then table.insert(gaps, "before: true, ") end
  if han(after) and unit == "%" then table.insert(gaps, "after: true, ") end
  -- Figures and units hold nothing that means something in a string of Typst's.
  return pandoc.RawInline("typst", "#gr-nb(" .. table.concat(gaps) .. '"' .. text .. '");')
end

local function code_before(text, at)
  local from = at > 1 and utf8.offset(text, -1, at)
  return from and utf8.codepoint(text, from)
end

-- Typst reads some strings as signs of their own (---, ...), and Pandoc's writer guards not all of them and makes
-- straight marks of curly ones: such words travel as Typst's own strings.
local GUARDED = { "--", "...", "-?", "‘", "’", "“", "”" }

local function guarded(text)
  if target == "typst" then
    for _, sign in ipairs(GUARDED) do
      if text:find(sign, 1, true) then
        return pandoc.RawInline("typst", '#"' .. text:gsub('[\\"]', "\\%0") .. '";')
      end
    end
  end
  return pandoc.Str(text)
end

-- One Str may hold a whole Chinese sentence: cut it around every number that a unit follows.
local function pieces(text, out)
  local from, at, first, last = 1, 1, nil, nil
  while true do
    first, last = text:find("[+%-]?%d[%d,.]*", at)
    if not first then break end
    local before = text:sub(1, first - 1):match("−$")
    local start = before and first - #before or first
    local unit = unit_at(text, last + 1)
    if unit and start >= from then
      local after = last + #unit + 1
      if start > from then out:insert(guarded(text:sub(from, start - 1))) end
      out:insert(kept(text:sub(start, after - 1), unit, code_before(text, start),
        after <= #text and utf8.codepoint(text, after)))
      from, at = after, after
    else
      at = last + 1
    end
  end
  if from <= #text then out:insert(guarded(text:sub(from))) end
end

-- Quotation marks in words of their own, so that neither writer has a say in them.
local function on_quoted(quoted)
  local double = quoted.quotetype == "DoubleQuote"
  local out = pandoc.Inlines({ pandoc.Str(double and "“" or "‘") })
  out:extend(quoted.content)
  out:insert(pandoc.Str(double and "”" or "’"))
  return out
end

-- PDF/UA wants words for every formula: its source is read out.
local function on_math(math)
  local shown = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  return pandoc.RawInline("typst", "#math.equation(block: " .. tostring(math.mathtype == "DisplayMath")
    .. ', alt: "' .. math.text:gsub('[\\"]', "\\%0"):gsub("%s+", " ") .. '", ' .. shown .. ")")
end

-- Whether a gap may not be broken: between a figure and its English unit, a currency and its figure, a mark and its word.
local MARKS = { ["▲"] = true, ["●"] = true, ["▼"] = true, ["★"] = true, ["○"] = true, ["◆"] = true, ["◐"] = true }

local function tied(left, right)
  if not (left and right and left.t == "Str" and right.t == "Str") then return false end
  if MARKS[left.text] then return true end
  local word = left.text:find("%d$") and right.text:match("^[%a%%]+")
  return (word and EN_UNITS[word]) or (left.text:find("CNY$") and right.text:find("^%d"))
end

local function on_inlines(inlines)
  local out = pandoc.Inlines({})
  for n, one in ipairs(inlines) do
    local kind = one.t
    if kind == "Str" then
      pieces(one.text, out)
    elseif kind == "Space" and tied(inlines[n - 1], inlines[n + 1]) then
      out:insert(pandoc.Str("\u{a0}"))
    elseif kind == "Math" and target == "typst" then
      out:insert(on_math(one))
    else
      out:insert(one)
    end
  end
  return out
end

-- Widths of printed tables ------------------------------------------------------------------------------------------------

local function wide(code) return (code >= 0x2E80 or (zh and code == 0x2014)) and 2 or 1 end

local OPENING, CLOSING = {}, {}
for _, code in utf8.codes("（“‘《〈【〔([") do OPENING[code] = true end
for _, code in utf8.codes("）”’》〉】〕，。、；：？！%％‰)]") do CLOSING[code] = true end

local BRACKETED = 12 -- characters in brackets that stay together

-- Where a figure at a place of a text ends, with its unit and the other end of its range; nothing if it has neither.
local DASHES = { "—", "–" }

local function span_end(text, first)
  local last, held = first - 1, false
  while true do
    local _, figure = text:find("^%d[%d,.]*", last + 1)
    if not figure then return held and last or nil end
    local unit = unit_at(text, figure + 1)
    if unit then figure, held = figure + #unit, true end
    last = figure
    local dash
    for _, one in ipairs(DASHES) do
      if text:sub(figure + 1, figure + #one) == one and text:find("^%d", figure + #one + 1) then dash = one end
    end
    if not dash then return held and last or nil end
    last, held = figure + #dash, true
  end
end

-- What may not be parted in a text: figures from their units, and a few words in brackets; first and last place of each.
local function held_spans(text)
  local out, at = {}, 1
  while true do
    local first, bracket = text:find("%d", at), text:find("（", at, true)
    if not (first or bracket) then return out end
    local last
    if bracket and bracket < (first or math.huge) then
      first, last = bracket, select(2, text:find("）", bracket, true))
      if last and utf8.len(text, first, last) > BRACKETED then last = nil end
      at = (last or first + #"（" - 1) + 1
    else
      last = span_end(text, first)
      at = (last or select(2, text:find("^%d[%d,.]*", first))) + 1
    end
    if last then table.insert(out, { first, last }) end
  end
end

local function glued(text)
  local places = {}
  for _, span in ipairs(held_spans(text)) do
    for place = span[1] + 1, span[2] do places[place] = true end
  end
  return places
end

local GAP = 0.25 / 0.54 -- of a quarter of a square, in narrow characters

local function figure(code) return code >= 0x30 and code <= 0x39 end

-- The natural width of a cell (all on one line) and its least width (its longest piece that may not be broken).
local function measure(cell)
  local natural, least, piece, last = 0, 4, 0, 0x20
  local text = pandoc.utils.stringify(cell.contents)
  if text:find("%a") then
    text = text:gsub("(%d) ([%a%%]+)", function(figure, word) return EN_UNITS[word] and figure .. "\u{a0}" .. word end)
      :gsub("CNY (%d)", "CNY\u{a0}%1")
  end
  local held = glued(text)
  for place, code in utf8.codes(text) do
    if (han(code) and figure(last)) or (figure(code) and han(last)) then -- both typesetters leave a gap there
      natural, piece = natural + GAP, piece + GAP
    end
    local words = wide(code) == 1 and wide(last) == 1 and code ~= 0x20 and last ~= 0x20
    if not (words or CLOSING[code] or OPENING[last] or held[place]) then piece = 0 end
    if code ~= 0x20 then piece = piece + wide(code) end
    natural, least, last = natural + wide(code), math.max(least, piece), code
  end
  return natural, least
end

-- Widths of columns that can't all stand on one line: from its least on, each grows until it has what it needs (its cells
-- on one line each, a long head on two), as fast as the mean of its author's dashes and of its own words asks for; what is
-- left goes to heads that still break.
local function shared(specs, room, need, natural, least)
  local function widths_at(level)
    local widths, sum = {}, 0
    for n, spec in ipairs(specs) do
      local weight = math.sqrt((type(spec[2]) == "number" and spec[2] > 0 and spec[2] or 1 / #specs) * need[n])
      widths[n] = math.max(least[n], math.min(need[n], level * weight))
      sum = sum + widths[n]
    end
    return widths, sum
  end
  local low, high = 0, 100 * room
  for _ = 1, 60 do
    local level = (low + high) / 2
    local _, sum = widths_at(level)
    if sum > room then high = level else low = level end
  end
  local widths, sum = widths_at(low)
  local short = 0
  for n = 1, #specs do short = short + natural[n] - widths[n] end
  for n = 1, #specs do
    if short > 0 then widths[n] = widths[n] + (room - sum) * (natural[n] - widths[n]) / short end
  end
  return widths
end

-- In a cell figures, their units and ranges stay on one line: in a box of Typst's, or by Word's "no-width non break".
local function joined_text(text)
  local out, from = pandoc.Inlines({}), 1
  for _, span in ipairs(held_spans(text)) do
    if span[1] > from then out:insert(guarded(text:sub(from, span[1] - 1))) end
    local whole = text:sub(span[1], span[2])
    if target == "typst" then
      out:insert(pandoc.RawInline("typst", '#gr-nb("' .. whole .. '");'))
    else
      local tied, figure, last = "", nil, 0
      for _, code in utf8.codes(whole) do
        local now = code < 0x80
        -- Brackets keep to their words by themselves, and would not if a character stood between.
        if figure ~= nil and not (figure and now) and not OPENING[last] and not CLOSING[code] then tied = tied .. "\u{200d}" end
        tied, figure, last = tied .. utf8.char(code), now, code
      end
      out:insert(pandoc.Str(tied))
    end
    from = span[2] + 1
  end
  if from == 1 then return nil end
  if from <= #text then out:insert(guarded(text:sub(from))) end
  return out
end

local function joined(cell)
  cell.contents = cell.contents:walk({ Str = function(str) return joined_text(str.text) end })
  return cell
end

-- Where the second line of a head begins: with its unit in brackets, or after a year.
local function second_line(text)
  local year = select(2, text:find("^%d%d%d%d年"))
  return text:find("（", 2, true) or (year and year < #text and year + 1)
end

local function broken(cell)
  cell.contents = cell.contents:walk({
    Str = function(str)
      local at = second_line(str.text)
      if not at then return joined_text(str.text) end
      return { pandoc.Str(str.text:sub(1, at - 1)), pandoc.LineBreak(), pandoc.Str(str.text:sub(at)) }
    end,
  })
  return cell
end

-- How wide the text is in points, and the sizes of type in tables: up to 8 columns, up to 11, more.
local BOLD = 1.15 -- how much wider heads are than cells
local HEAD = 10 -- narrow characters of a head that stays on one line where there is room
local column, sizes = 453, { 8.5, 7.4, 6.6 }
local SET = "gr-set"

-- What a head of some width needs: its longer half, its unit or what follows its year on the second line.
local function on_two_lines(cell, whole)
  local text = pandoc.utils.stringify(cell.contents)
  local at = second_line(text)
  if not at then return whole <= HEAD and whole or whole / 2 + 2 end
  return math.max((measure({ contents = pandoc.Inlines(text:sub(1, at - 1)) })),
    (measure({ contents = pandoc.Inlines(text:sub(at)) })))
end

local function on_table(tbl)
  if tbl.classes:includes(SET) then return nil end
  local columns = #tbl.colspecs
  if target == "html" then
    for n, spec in ipairs(tbl.colspecs) do tbl.colspecs[n] = { spec[1], nil } end
    return tbl
  end
  local need, natural, least, soft = {}, {}, {}, {}
  local measured = {} -- the cells' natural widths, row by row, heads first
  for n = 1, columns do need[n], natural[n], least[n], soft[n] = 3, 3, 3, 3 end
  local function look(rows, weight, head)
    for _, row in ipairs(rows) do
      local own = {}
      table.insert(measured, own)
      for n, cell in ipairs(row.cells) do
        local a, b = measure(cell)
        own[n] = a
        natural[n], least[n] = math.max(natural[n], a * weight), math.max(least[n], b * weight)
        need[n] = math.max(need[n], least[n], weight * (head and on_two_lines(cell, a) or a))
        soft[n] = math.max(soft[n], least[n], head and math.min(need[n], HEAD * weight) or 0)
      end
    end
  end
  look(tbl.head.rows, BOLD, true)
  for _, body in ipairs(tbl.bodies) do look(body.body, 1) end
  -- How many narrow characters fit on a line: the theme sets tables of many columns in smaller type.
  local size = sizes[columns > 11 and 3 or (columns > 8 and 2 or 1)]
  local room = column / (size * 0.54) - columns * 9 / (size * 0.54)
  local total, floor, soft_floor = 0, 0, 0
  for n = 1, columns do total, floor, soft_floor = total + natural[n], floor + least[n], soft_floor + soft[n] end
  if soft_floor < room then least, floor = soft, soft_floor end -- heads of a few words stay whole where there is room
  local padding = 9 / (size * 0.54)
  local breaks = total > room and floor < room
  local widths, sum = breaks and shared(tbl.colspecs, room, need, natural, least) or {}, 0
  for n = 1, columns do
    if total <= room then
      widths[n] = natural[n] + (room - total) * natural[n] / total
    elseif not breaks then
      widths[n] = least[n]
    end
    widths[n] = widths[n] + padding
    sum = sum + widths[n]
  end
  for n, spec in ipairs(tbl.colspecs) do tbl.colspecs[n] = { spec[1], widths[n] / sum } end
  local at = 0
  local function hold(rows, how, weight)
    for _, row in ipairs(rows) do
      at = at + 1
      for n, cell in ipairs(row.cells) do
        if measured[at][n] * weight + padding > widths[n] then row.cells[n] = how(cell) end
      end
    end
  end
  if total > room then
    hold(tbl.head.rows, broken, BOLD)
    for _, body in ipairs(tbl.bodies) do hold(body.body, joined, 1) end
  end
  tbl.classes:insert(SET)
  return tbl
end

function Pandoc(doc)
  if doc.meta["gr-target"] then target = pandoc.utils.stringify(doc.meta["gr-target"]) end
  zh = pandoc.utils.stringify(doc.meta.lang or "en"):sub(1, 2) == "zh"
  local chapter = doc.meta["gr-chapter"] and pandoc.utils.stringify(doc.meta["gr-chapter"])
  local gr, paper = doc.meta.gr, doc.meta["gr-paper"]
  if paper then
    column = tonumber(pandoc.utils.stringify(paper.wide))
    for n, size in ipairs(paper.sizes) do sizes[n] = tonumber(pandoc.utils.stringify(size)) end
    doc.blocks = doc.blocks:walk({
      Div = function(div) return div.classes:includes("gr-wide") and div:walk({ Table = on_table }) or nil end,
    })
    column = tonumber(pandoc.utils.stringify(paper.width))
  end
  -- Every walk carries the whole document over to this language and back: two are enough.
  doc.blocks = doc.blocks:walk({
    traverse = "topdown",
    Div = on_div,
    Quoted = on_quoted,
    Header = not (gr and gr.plain) and section_numberer(chapter) or nil,
    Table = on_table,
  })
  if target ~= "docx" then doc.blocks = doc.blocks:walk({ Inlines = on_inlines }) end
  if target == "typst" then
    local titles = pandoc.Pandoc({}, doc.meta)
    doc.meta = titles:walk({ Str = function(str) return guarded(str.text) end }).meta
  end
  return doc
end
