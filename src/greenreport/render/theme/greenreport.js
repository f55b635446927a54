// What a report's page can do beyond being read: living charts, tables to copy and download, search, the place in the
// text. Everything works from file:// and asks nothing of any network; without this script the page is complete.
(() => {
  "use strict";
  const WORDS = /*WORDS*/{};
  const lang = document.body.dataset.lang || "zh";
  const say = (key, ...values) => values.reduce((text, v) => text.replace("{}", v), (WORDS[lang] || {})[key] || key);
  const here = document.currentScript ? document.currentScript.src : "";
  const assets = here.slice(0, here.lastIndexOf("/") + 1);

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const once = new Map();
  const load = (file) => {
    if (!once.has(file)) {
      once.set(file, new Promise((resolve, reject) => {
        const script = element("script", { src: assets + file });
        script.onload = resolve;
        script.onerror = () => reject(new Error(file));
        document.head.append(script);
      }));
    }
    return once.get(file);
  };

  const save = (name, type, text) => {
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const button = (text, action) => {
    const made = element("button", { type: "button", class: "gr-button" }, text);
    made.addEventListener("click", () => action(made));
    return made;
  };

  // What was packed with zlib, in base64.
  const inflated = (packed) => {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };

  // Charts: the still picture stands until the living one has been drawn.
  const specOf = (figure) => JSON.parse(figure.querySelector("script.gr-spec").textContent);
  const enliven = async (figure) => {
    const still = figure.querySelector(".gr-still");
    const stage = element("div", { class: "gr-live" });
    figure.append(stage);
    try {
      const spec = specOf(figure);
      await load("vega.js");
      await window.vegaEmbed(stage, spec, { actions: false, renderer: "svg", tooltip: { theme: "light" } });
      if (still) still.hidden = true;
      // The figure's label tells the chart; its drawing has parts without words. A chart with controls is no picture.
      stage.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      if (stage.querySelector("input, select, button, [tabindex]")) figure.setAttribute("role", "group");
      if (figure.scrollWidth > figure.clientWidth) figure.setAttribute("tabindex", "0"); // scrolled by keyboard
      figure.dataset.live = "yes";
    } catch (error) {
      stage.remove();
      figure.dataset.live = "no";
      console.error(error);
    }
  };
  const charts = [...document.querySelectorAll("figure.gr-chart")].filter((f) => f.querySelector("script.gr-spec"));
  const idle = (work) => ("requestIdleCallback" in window ? window.requestIdleCallback(work, { timeout: 1500 }) : setTimeout(work, 200));
  // The page is read first: the chart library is asked for once everything else stands.
  const settled = (work) => (document.readyState === "complete" ? idle(work) : window.addEventListener("load", () => idle(work)));
  if (charts.length && "IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((seen) => {
      for (const one of seen) {
        if (one.isIntersecting) {
          watcher.unobserve(one.target);
          enliven(one.target);
        }
      }
    }, { rootMargin: "600px 0px" });
    settled(() => charts.forEach((figure) => watcher.observe(figure)));
  }
  // A chart's data and picture, as far as the chart carries data.
  const rowsOf = (spec) => {
    const sets = Object.values(spec.datasets || {});
    const walk = (part) => {
      if (part.data && Array.isArray(part.data.values)) sets.push(part.data.values);
      for (const key of ["layer", "concat", "hconcat", "vconcat"]) (part[key] || []).forEach(walk);
      if (part.spec) walk(part.spec);
    };
    walk(spec);
    const full = sets.filter((rows) => Array.isArray(rows) && rows.length && typeof rows[0] === "object");
    // The layers of a chart often carry the same rows.
    return [...new Map(full.map((rows) => [JSON.stringify(rows), rows])).values()];
  };
  const quoted = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const csvOf = (rows) => "\ufeff" + rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  for (const figure of charts) {
    const float = figure.closest("div.quarto-float");
    if (!float) continue;
    const name = `${document.body.dataset.page}-${float.id}`;
    const given = float.querySelector(".gr-actions"); // links to files, where the page comes with them
    const actions = given || element("div", { class: "gr-actions" });
    const sets = given ? [] : rowsOf(specOf(figure));
    if (sets.length) {
      actions.append(button(say("chart_data"), () => {
        const rows = sets.flatMap((set) => {
          const keys = [...new Set(set.flatMap((row) => Object.keys(row)))];
          return [keys, ...set.map((row) => keys.map((key) => row[key]))];
        });
        save(`${name}.csv`, "text/csv", csvOf(rows));
      }));
    }
    const picture = figure.querySelector(".gr-still svg");
    if (picture) {
      actions.append(button(say("svg"), () => save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(picture))));
    }
    float.append(actions);
  }

  // Paper takes the still pictures: they are drawn for it.
  const still = (shown) => charts.forEach((figure) => {
    const picture = figure.querySelector(".gr-still");
    const live = figure.querySelector(".gr-live");
    if (picture && live) {
      picture.hidden = !shown;
      live.hidden = shown;
    }
  });
  window.addEventListener("beforeprint", () => still(true));
  window.addEventListener("afterprint", () => still(false));

  // Tables: sideways scrolling by keyboard, copying into a spreadsheet, CSV.
  const cells = (table) => [...table.rows].filter((row) => !row.closest("tfoot")).map((row) =>
    [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, " ").trim()));
  const headings = [...document.querySelectorAll(".gr-main h2, .gr-main h3")];
  for (const table of document.querySelectorAll(".gr-main table")) {
    const float = table.closest("div.quarto-float");
    const caption = float && float.querySelector("figcaption");
    const named = caption || headings.filter((one) => one.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
    const box = element("div", { class: "gr-scroll", tabindex: "0", role: "region",
      "aria-label": `${named ? named.textContent.trim() : ""} ${say("table_scroll")}`.trim() });
    table.replaceWith(box);
    box.append(table);
    if (!float) continue;
    const given = float.querySelector(".gr-actions"); // links to files, where the page comes with them
    const name = `${document.body.dataset.page}-${float.id}.csv`;
    const copy = button(say("copy"), async (self) => {
      const html = new Blob([table.outerHTML], { type: "text/html" });
      const text = cells(table).map((row) => row.join("\t")).join("\n");
      if (navigator.clipboard && window.ClipboardItem) {
        await navigator.clipboard.write([new ClipboardItem({ "text/html": html, "text/plain": new Blob([text], { type: "text/plain" }) })]);
      } else {
        const area = element("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      self.textContent = say("copied");
      setTimeout(() => { self.textContent = say("copy"); }, 2000);
    });
    if (given) given.prepend(copy);
    else float.append(element("div", { class: "gr-actions" }, copy, button(say("csv"), () => save(name, "text/csv", csvOf(cells(table))))));
  }

  // Search: the texts of all pages lie packed in one script per language, loaded when first asked for. Terms are looked up
  // as they stand, so that Chinese needs no word boundaries; all terms must occur. A browser that can't unpack (Firefox before
  // 113, Safari before 16.4, Chromium before 80) has no search.
  const home = document.querySelector("[data-search]");
  if (home && window.DecompressionStream) {
    const field = element("input", { type: "search", placeholder: say("search_hint"), "aria-label": say("search_hint"), autocomplete: "off" });
    const status = element("p", { class: "gr-search-status", role: "status" });
    const list = element("ul");
    const panel = element("div", { class: "gr-search-results", hidden: "" }, status, list);
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    let texts = null;
    const unpacked = async () => {
      if (texts) return texts;
      await load(`search-${lang}.js`);
      const [strings, pages] = JSON.parse(await inflated(window.greenreportSearch));
      const folded = strings.map(fold);
      texts = pages.flatMap(([page, title, sections]) => sections.map(([anchor, heading, blocks]) => ({
        page, anchor: strings[anchor], title: strings[title], heading: strings[heading], blocks: blocks.map((n) => strings[n]),
        in: { title: folded[title], heading: folded[heading], blocks: blocks.map((n) => folded[n]) },
      })));
      return texts;
    };
    const look = async () => {
      const terms = fold(field.value).split(/\s+/).filter(Boolean);
      panel.hidden = terms.length === 0;
      if (!terms.length) return;
      const all = await unpacked();
      const found = [];
      for (const one of all) {
        let weight = 0;
        const hit = terms.every((term) => {
          const own = (one.in.title.includes(term) ? 8 : 0) + (one.in.heading.includes(term) ? 4 : 0) +
            (one.in.blocks.some((text) => text.includes(term)) ? 1 : 0);
          weight += own;
          return own > 0;
        });
        if (hit) found.push([weight, one]);
      }
      found.sort((a, b) => b[0] - a[0]);
      status.textContent = found.length ? say("search_count", found.length) : say("search_none");
      list.replaceChildren(...found.slice(0, 30).map(([, one]) => {
        const place = Math.max(0, one.in.blocks.findIndex((text) => terms.some((term) => text.includes(term))));
        const text = one.blocks[place] || "";
        const same = (one.in.blocks[place] || "").length === text.length; // folding may change lengths
        const term = terms.find((t) => (one.in.blocks[place] || "").includes(t)) || "";
        const index = same && term ? one.in.blocks[place].indexOf(term) : -1;
        const from = Math.max(0, index - 24);
        const snippet = element("span");
        if (index >= 0) {
          snippet.append((from ? "…" : "") + text.slice(from, index), element("mark", {}, text.slice(index, index + term.length)),
            text.slice(index + term.length, from + 90));
        } else snippet.append(text.slice(0, 90));
        const link = element("a", { href: `${one.page}.html${one.anchor ? `#${encodeURIComponent(one.anchor)}` : ""}` },
          element("strong", {}, one.heading ? `${one.title} · ${one.heading}` : one.title), snippet);
        return element("li", {}, link);
      }));
    };
    field.addEventListener("focus", () => { unpacked().catch(() => {}); }, { once: true });
    field.addEventListener("input", look);
    home.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      panel.hidden = true;
      field.focus();
    });
    document.addEventListener("click", (event) => { if (!home.contains(event.target)) panel.hidden = true; });
    home.append(element("form", { role: "search" }, field), panel);
    home.firstChild.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = list.querySelector("a");
      if (first) first.click();
    });
    home.hidden = false;
  }

  // Lists of many pages: those whose name holds what is typed.
  const sieve = document.querySelector("[data-filter]");
  const entriesOf = [...document.querySelectorAll(".gr-page-list li")];
  if (sieve && entriesOf.length > 12) {
    const field = element("input", { type: "search", placeholder: say("filter"), "aria-label": say("filter"), autocomplete: "off" });
    const none = element("p", { role: "status" });
    field.addEventListener("input", () => {
      const wanted = field.value.normalize("NFKC").toLowerCase().trim();
      for (const one of entriesOf) one.hidden = !one.firstElementChild.textContent.toLowerCase().includes(wanted);
      for (const group of document.querySelectorAll(".gr-group")) group.hidden = !group.querySelector("li:not([hidden])");
      none.textContent = entriesOf.some((one) => !one.hidden) ? "" : say("filter_none");
    });
    sieve.append(field, none);
    sieve.hidden = false;
  }

  // The place in the text.
  const entries = new Map([...document.querySelectorAll(".gr-toc a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  if (entries.size && "IntersectionObserver" in window) {
    const spy = new IntersectionObserver((seen) => {
      const top = seen.filter((one) => one.isIntersecting)[0];
      if (!top) return;
      const heading = top.target.id || (top.target.closest("section") || {}).id;
      if (!entries.has(heading)) return;
      for (const a of entries.values()) a.removeAttribute("aria-current");
      entries.get(heading).setAttribute("aria-current", "true");
    }, { rootMargin: "-80px 0px -70% 0px" });
    for (const heading of document.querySelectorAll(".gr-main h2, .gr-main h3")) spy.observe(heading);
  }
})();
