-- What Quarto does between notebook and writer, as far as reports use it: numbered figures and tables, references to
-- them, content for one format, alternative texts. Anything else of Quarto's is refused by name.

local lang = "en"
local words = {}
local counts = { fig = 0, tbl = 0 }
local numbers = {}
local chapter, prefix, book, elsewhere = nil, "", {}, {}
local target = FORMAT:match("typst") and "typst" or (FORMAT:match("docx") and "docx" or "html")
local ALLOWED = { ["gr-float"] = true, ["gr-note"] = true, ["gr-headline"] = true, ["gr-lead"] = true, ["footnotes"] = true }
local PAPER = { ["gr-page"] = true, ["gr-whole"] = true, ["gr-wide"] = true, ["gr-contents"] = true }
local paper, shift, marks = false, 0, 0

local function refuse(what)
  error("GR-UNSUPPORTED " .. what .. "\n", 0) -- convert.lua tells it apart from other errors by these words
end

local function plain(text)
  return pandoc.Inlines(pandoc.Str(text))
end

local function raw(text)
  return pandoc.RawBlock(target, text)
end

local function html_escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function typst_string(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", " ") .. '"'
end

local function text_inlines(text)
  local out = pandoc.Inlines({})
  for piece, gap in text:gmatch("([^ ]*)( ?)") do
    if piece ~= "" and target == "typst" then
      -- A string of Typst's own: none of its characters has a meaning.
      out:insert(pandoc.RawInline("typst", "#" .. typst_string(piece) .. ";"))
    elseif piece ~= "" then
      out:insert(pandoc.Str(piece))
    end
    if gap ~= "" then out:insert(pandoc.Space()) end
  end
  return out
end

-- In the bound report figures are numbered within their chapter: 图 3-1, Figure 3.1.
local function label_of(kind, number)
  if chapter then number = chapter .. (lang == "zh" and "-" or ".") .. number end
  return words[kind] .. "\u{a0}" .. number
end

local function openxml(text) return pandoc.RawInline("openxml", text) end

local function bookmark(label) return "ref_" .. label:gsub("[^%w]", "_") end

local function field(code, shown)
  local function run(inner) return "<w:r>" .. inner .. "</w:r>" end
  return run('<w:fldChar w:fldCharType="begin"/>') .. run('<w:instrText xml:space="preserve"> ' .. code .. " </w:instrText>")
    .. run('<w:fldChar w:fldCharType="separate"/>') .. run("<w:t>" .. shown .. "</w:t>")
    .. run('<w:fldChar w:fldCharType="end"/>')
end

-- In a Word paper numbers are fields: whoever adds a figure has all the others and the references follow.
local function counted(kind, number, label)
  marks = marks + 1
  return openxml('<w:bookmarkStart w:id="' .. 9000 + marks .. '" w:name="' .. bookmark(label) .. '"/><w:r><w:t xml:space="preserve">'
    .. words[kind] .. "\u{a0}</w:t></w:r>" .. field("SEQ " .. words[kind] .. " \\* ARABIC", number)
    .. '<w:bookmarkEnd w:id="' .. 9000 + marks .. '"/>')
end

local function caption_of(kind, number, text, label)
  local shown = paper and target == "docx" and counted(kind, number, label)
    or pandoc.Span(plain(label_of(kind, number)), pandoc.Attr("", { "gr-number" }))
  local out = pandoc.Inlines({ shown })
  if text ~= "" then
    out:extend({ pandoc.Str(words.delimiter), pandoc.Space() })
    out:extend(text_inlines(text))
  end
  return out
end

local function float_html(div, kind, caption)
  local open = '<div id="' .. div.identifier .. '" class="quarto-float"><figure class="quarto-float quarto-float-'
    .. kind .. '">'
  local head = { pandoc.RawBlock("html", "<figcaption>"), pandoc.Plain(caption), pandoc.RawBlock("html", "</figcaption>") }
  local out = pandoc.Blocks({ pandoc.RawBlock("html", open) })
  if kind == "tbl" then out:extend(head) end
  out:extend(div.content)
  if kind == "fig" then out:extend(head) end
  out:insert(pandoc.RawBlock("html", "</figure></div>"))
  return out
end

local function image_typst(image)
  local width = image.attributes.width
  local points = width and tonumber(width:match("^([%d.]+)pt$"))
  -- The text block of the page is 160 mm wide: wider pictures are fitted to it.
  local size = (points and points <= 453.5) and (points .. "pt") or "100%"
  return pandoc.RawInline("typst", "#image(" .. typst_string(image.src) .. ", width: " .. size
    .. ", alt: " .. typst_string(image.attributes.alt or pandoc.utils.stringify(image.caption)) .. ")")
end

-- Pandoc wraps a table in a figure; inside a numbered float that would be a figure in a figure. A call of the writer costs
-- as much as a table, so those of a document are written in one.
local NEXT = "//GR-NEXT"
local written = {}

local function write_tables(blocks)
  local tables, floats = pandoc.Blocks({}), {}
  blocks:walk({
    Div = function(div)
      if not div.classes:includes("gr-float") then return nil end
      for n, block in ipairs(div.content) do
        if block.t == "Table" then
          if n == 1 then block.caption = pandoc.Caption() end
          tables:extend({ block, raw(NEXT) })
          table.insert(floats, div.identifier)
        end
      end
    end,
  })
  if #floats == 0 then return end
  local from, text = 1, pandoc.write(pandoc.Pandoc(tables), "typst-smart")
  for _, id in ipairs(floats) do
    local first, last = text:find(NEXT, from, true)
    local one = text:sub(from, first - 1)
    written[id] = written[id] or {}
    table.insert(written[id], one:match("(#table%(.*%))%]%s*,%s*kind: table%s*%)%s*$") or one)
    from = last + 1
  end
end

local function float_typst(div, kind, text)
  local out = pandoc.Blocks({ raw("#figure([") })
  for _, block in ipairs(div.content) do
    out:insert(block.t == "Table" and raw(table.remove(written[div.identifier], 1)) or block)
  end
  out:insert(raw("], caption: figure.caption(position: " .. (kind == "tbl" and "top" or "bottom") .. ", ["))
  out:insert(pandoc.Plain(text_inlines(text)))
  out:insert(raw("]), kind: \"quarto-float-" .. kind .. "\", supplement: " .. typst_string(words[kind])
    .. ")\n<" .. prefix .. div.identifier .. ">"))
  return out
end

local function float_docx(div, kind, caption)
  local out = pandoc.Blocks({})
  local line = pandoc.Div({ pandoc.Para(caption) }, pandoc.Attr(prefix .. div.identifier, {},
    { ["custom-style"] = kind == "tbl" and "Table Caption" or "Image Caption" }))
  if kind == "tbl" then out:insert(line) end
  out:extend(div.content)
  if kind == "fig" then out:insert(line) end
  return out
end

local function float(div)
  local kind, text = div.attributes.kind, div.attributes.caption or ""
  if div.content[1] and div.content[1].t == "Table" then div.content[1].caption = pandoc.Caption() end
  local number = numbers[div.identifier]
  if target == "typst" then return float_typst(div, kind, text) end
  if target == "docx" then return float_docx(div, kind, caption_of(kind, number, text, div.identifier)) end
  return float_html(div, kind, caption_of(kind, number, text))
end

local function visible(div)
  local is_html = target == "html"
  local when, unless = div.attributes["when-format"], div.attributes["unless-format"]
  for _, name in ipairs({ when or "html", unless or "html" }) do
    if name ~= "html" then refuse("when-format=" .. name) end
  end
  local fits = true
  if when then fits = is_html elseif unless then fits = not is_html else refuse("content-visible") end
  if div.classes:includes("content-hidden") then fits = not fits end
  return fits and div.content or pandoc.Blocks({})
end

local on_div

-- A page that begins, what keeps to a page, the contents, pages turned round: calls of the template's in Typst, marks for
-- `word` in Word.
local function laid(div, class)
  local inside = (class == "gr-wide" or class == "gr-whole") and div.content:walk({ traverse = "topdown", Div = on_div })
  if target == "typst" then
    if class == "gr-contents" then return raw("#gr-contents()") end
    if class == "gr-page" then return raw("#pagebreak(weak: true)") end
    local out = pandoc.Blocks({ raw(class == "gr-wide" and "#gr-turned[" or "#gr-whole[") })
    out:extend(inside)
    out:insert(raw("]"))
    return out
  end
  if class == "gr-whole" then return inside end
  local function mark(text) return pandoc.Div({ pandoc.Para(plain(text)) }, pandoc.Attr("", {}, { ["custom-style"] = "gr-mark" })) end
  if class ~= "gr-wide" then return mark(class) end
  local out = pandoc.Blocks({ mark("gr-turn") })
  out:extend(inside)
  out:insert(mark("gr-turn-back"))
  return out
end

function on_div(div)
  for _, class in ipairs(div.classes) do
    if class == "content-visible" or class == "content-hidden" then return visible(div) end
    if class == "gr-float" then return float(div) end
    if paper and PAPER[class] then return laid(div, class) end
    if not ALLOWED[class] then refuse("::: {." .. class .. "}") end
  end
  if div.attributes.layout or div.attributes["layout-ncol"] or div.attributes["layout-nrow"] then refuse("layout") end
end

-- A heading that the contents don't list: a style of its own, or Word's contents would take it in.
local function on_header(header)
  if paper and target == "docx" and header.classes:includes("unlisted") then
    return pandoc.Div({ pandoc.Para(header.content) }, pandoc.Attr("", {}, { ["custom-style"] = "Heading Unlisted" }))
  end
end

local function on_cite(cite)
  local out = pandoc.Inlines({})
  for n, citation in ipairs(cite.citations) do
    local number = numbers[citation.id]
    if not number then refuse("@" .. citation.id) end
    if n > 1 then out:extend({ pandoc.Str(words.comma) }) end
    local shown = label_of(citation.id:match("^%l+"), number)
    if paper and target == "docx" then
      out:insert(openxml(field("REF " .. bookmark(citation.id) .. " \\h", shown)))
    else
      out:insert(pandoc.Link(plain(shown), "#" .. prefix .. citation.id))
    end
  end
  return out
end

-- On paper a link says where it leads: to a page of the website, by its name.
local function on_website(link)
  local name = pandoc.utils.stringify(link.content):gsub("页$", "")
  if name:find("%.html$") then return link.content end
  if name:find("^%u") then name = "“" .. name .. "”" end
  local before, after = words.on_website:match("^(.*){}(.*)$")
  return pandoc.Inlines(before .. name .. after)
end

-- Chapters of a bound report keep out of each other's way: every name of a page begins with the page's own.
local function rename(blocks)
  if prefix == "" and not paper then return blocks end
  local function target_of(link)
    local page, anchor = link.target:match("^([%w%-_]+)%.html(.*)$")
    if paper and page then
      link.target = "../" .. link.target  -- papers lie in a folder beside the pages
      link.content = on_website(link)
    elseif paper then
      return link
    elseif link.target:sub(1, 1) == "#" then
      if link.target:sub(2, #prefix + 1) ~= prefix then link.target = "#" .. prefix .. link.target:sub(2) end
    elseif page and book[page] then
      link.target = anchor ~= "" and ("#" .. page .. "-" .. anchor:sub(2)) or ("#page-" .. page)
    elseif page and elsewhere[page] then
      -- In another volume: its file, opened where the page's chapter begins.
      local ends = target == "docx" and ".docx#page-" or ".pdf#nameddest=page-"
      link.target = elsewhere[page] .. ends .. page
    elseif page then
      link.target = "../" .. link.target
    end
    return link
  end
  return blocks:walk({
    Link = target_of,
    Header = function(header)
      if header.identifier ~= "" then header.identifier = prefix .. header.identifier end
      if shift > 0 then header.level = math.max(1, header.level - shift) end  -- the title stands on the cover
      return header
    end,
    Image = function(image)
      image.src = image.src:gsub("^figures/", "figures/" .. prefix)
      if target == "docx" then
        image.src = image.src:gsub("%.svg$", ".png")
        image.caption = pandoc.Inlines({ pandoc.Str(image.attributes.alt or "") })  -- Word's alternative text
        image.attributes.alt = nil
      end
      return image
    end,
  })
end

local function on_raw(element)
  local known = { html = true, typst = true, openxml = true }
  if not known[element.format] then refuse("{=" .. element.format .. "}") end
end

function Pandoc(doc)
  lang = pandoc.utils.stringify(doc.meta.lang or "en"):sub(1, 2)
  for key, value in pairs(doc.meta["gr-words"] or {}) do words[key] = pandoc.utils.stringify(value) end
  if doc.meta["gr-target"] then target = pandoc.utils.stringify(doc.meta["gr-target"]) end
  paper = doc.meta["gr-paper"] ~= nil
  shift = paper and tonumber(pandoc.utils.stringify(doc.meta["gr-paper"].shift)) or 0
  chapter = doc.meta["gr-chapter"] and pandoc.utils.stringify(doc.meta["gr-chapter"])
  prefix = doc.meta["gr-prefix"] and pandoc.utils.stringify(doc.meta["gr-prefix"]) or ""
  for _, page in ipairs(doc.meta["gr-book"] or {}) do book[pandoc.utils.stringify(page)] = true end
  for page, volume in pairs(doc.meta["gr-elsewhere"] or {}) do elsewhere[page] = pandoc.utils.stringify(volume) end
  words.delimiter = lang == "zh" and "\u{3000}" or ":"
  words.comma = lang == "zh" and "、" or ", "
  doc.blocks:walk({
    traverse = "topdown",
    Div = function(div)
      local kind = div.attributes.kind
      if div.classes:includes("gr-float") then
        counts[kind] = counts[kind] + 1
        numbers[div.identifier] = counts[kind]
      end
    end,
  })
  doc.blocks = rename(doc.blocks)
  local inner = { Cite = on_cite, RawBlock = on_raw, RawInline = on_raw }
  if target == "typst" then inner.Image = image_typst end
  doc.blocks = doc.blocks:walk(inner)
  if target == "typst" then write_tables(doc.blocks) end
  doc.blocks = doc.blocks:walk({ traverse = "topdown", Div = on_div, Header = on_header })
  return doc
end
