-- Pandoc as a program that stays: `pandoc lua convert.lua` answers requests, one a line, until its input ends. Its first
-- page costs three times what the next ones do, and a page that is wanted in several forms is read once.
--
-- A request names a file of Markdown and the forms it is wanted in:
--   {"text": file, "from": reader, "forms": [{"to": writer, "meta": {…}, "template": file, "toc": depth, "out": file}]}
-- and an answer is one of
--   {"done": true}   {"done": false, "refused": what only Quarto knows}   {"done": false, "error": what went wrong}

local THEME = pandoc.path.directory(PANDOC_SCRIPT_FILE or arg[0])
local FILTERS = {}
for n, name in ipairs({ "common.lua", "builtin.lua" }) do
  FILTERS[n] = assert(loadfile(pandoc.path.join({ THEME, "filters", name })))
end

local function content(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function save(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local templates = {}

local function template_of(path)
  templates[path] = templates[path] or pandoc.template.compile(content(path), path)
  return templates[path]
end

local function options(form)
  local asked = { wrap_text = "preserve", html_math_method = "mathml" }
  if form.template then asked.template = template_of(form.template) end
  if form.toc then
    asked.table_of_contents = true
    asked.toc_depth = form.toc
  end
  return pandoc.WriterOptions(asked)
end

local function make(doc, form)
  for key, value in pairs(form.meta or {}) do doc.meta[key] = value end
  FORMAT = form.to
  for _, filter in ipairs(FILTERS) do
    filter() -- a filter's state is its chunk's: each document gets a new one
    doc = Pandoc(doc)
  end
  save(form.out, pandoc.write(doc, form.to, options(form)))
end

local function answer(request)
  -- The command line reads pipe tables by lines of 72 characters; this interface by 80 unless told.
  local doc = pandoc.read(content(request.text), request.from, pandoc.ReaderOptions({ columns = 72 }))
  for n, form in ipairs(request.forms) do make(n < #request.forms and doc:clone() or doc, form) end
end

for line in io.lines() do
  local well, fault
  -- Pandoc warns of terms that it can't translate; pages use none of them.
  pandoc.log.silence(function() well, fault = pcall(answer, pandoc.json.decode(line, false)) end)
  local said = { done = well }
  if not well then
    said.refused = tostring(fault):match("GR%-UNSUPPORTED ([^\n]*)")
    said.error = not said.refused and tostring(fault) or nil
  end
  io.stdout:write(pandoc.json.encode(said), "\n")
  io.stdout:flush()
end
