-- What both engines do to every document: numbers stay with their units, and columns find their own widths.

local UNITS = {
  "个百分点", "万亿元", "亿元", "万元", "万吨", "万辆", "万人", "公里", "平方米", "百分点",
  "元", "吨", "辆", "年", "月", "日", "项", "个", "家", "场", "次", "倍", "区", "县", "%", "％", "‰",
}
local EN_UNITS = {
  ["%"] = true, ["billion"] = true, ["million"] = true, ["trillion"] = true, ["thousand"] = true, ["percentage"] = true,
  ["tonnes"] = true, ["points"] = true, ["vehicles"] = true, ["exhibitions"] = true, ["years"] = true,
}
local html = FORMAT:match("html") ~= nil
local typst = FORMAT:match("typst") ~= nil

local function unit_at(text, from)
  for _, unit in ipairs(UNITS) do
    if text:sub(from, from + #unit - 1) == unit then return unit end
  end
end

local function kept(text)
  if html then return pandoc.Span({ pandoc.Str(text) }, pandoc.Attr("", { "gr-nb" })) end
  return pandoc.Span({ pandoc.RawInline("typst", "#box["), pandoc.Str(text), pandoc.RawInline("typst", "]") })
end

-- One Str may hold a whole Chinese sentence: cut it around every number that a unit follows.
local function on_str(str)
  local text, out, from, at = str.text, pandoc.Inlines({}), 1, 1
  if not text:find("%d") then return nil end
  while true do
    local first, last = text:find("[+%-]?%d[%d,.]*", at)
    if not first then break end
    local before = text:sub(1, first - 1):match("−$")
    local start = before and first - #before or first
    local unit = unit_at(text, last + 1)
    if unit and start >= from then
      if start > from then out:insert(pandoc.Str(text:sub(from, start - 1))) end
      out:insert(kept(text:sub(start, last + #unit)))
      from = last + #unit + 1
      at = from
    else
      at = last + 1
    end
  end
  if from == 1 then return nil end
  if from <= #text then out:insert(pandoc.Str(text:sub(from))) end
  return out
end

local function on_inlines(inlines)
  for n = 2, #inlines - 1 do
    local left, gap, right = inlines[n - 1], inlines[n], inlines[n + 1]
    if gap.t == "Space" and left.t == "Str" and right.t == "Str" then
      local word = right.text:match("^[%a%%]+")
      if (left.text:find("%d$") and word and EN_UNITS[word]) or (left.text:find("CNY$") and right.text:find("^%d")) then
        inlines[n] = pandoc.Str("\u{a0}")
      end
    end
  end
  return inlines
end

local function on_table(tbl)
  for n, spec in ipairs(tbl.colspecs) do tbl.colspecs[n] = { spec[1], nil } end
  return tbl
end

if not (html or typst) then return { { Table = on_table } } end
return { { Inlines = on_inlines }, { Str = on_str, Table = on_table } }
