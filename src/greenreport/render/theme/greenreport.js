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

  // Charts: the still picture stands until the living one has been drawn.
  const enliven = async (figure) => {
    const spec = JSON.parse(figure.querySelector("script.gr-spec").textContent);
    await load("vega.js");
    const still = figure.querySelector(".gr-still");
    const stage = element("div", { class: "gr-live" });
    figure.append(stage);
    try {
      await window.vegaEmbed(stage, spec, { actions: false, renderer: "svg", tooltip: { theme: "light" } });
      if (still) still.hidden = true;
      figure.dataset.live = "yes";
    } catch (error) {
      stage.remove();
      figure.dataset.live = "no";
      console.error(error);
    }
  };
  const charts = [...document.querySelectorAll("figure.gr-chart")].filter((f) => f.querySelector("script.gr-spec"));
  if (charts.length && "IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((seen) => {
      for (const one of seen) {
        if (one.isIntersecting) {
          watcher.unobserve(one.target);
          enliven(one.target);
        }
      }
    }, { rootMargin: "600px 0px" });
    charts.forEach((figure) => watcher.observe(figure));
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
  for (const table of document.querySelectorAll(".gr-main table")) {
    const float = table.closest("div.quarto-float");
    const caption = float && float.querySelector("figcaption");
    const box = element("div", { class: "gr-scroll", tabindex: "0", role: "region",
      "aria-label": `${caption ? caption.textContent.trim() : ""} ${say("table_scroll")}`.trim() });
    table.replaceWith(box);
    box.append(table);
    if (!float) continue;
    const name = `${document.body.dataset.page}-${float.id}.csv`;
    const csv = () => "\ufeff" + cells(table).map((row) =>
      row.map((text) => /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text).join(",")).join("\r\n") + "\r\n";
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
    float.append(element("div", { class: "gr-actions" }, copy, button(say("csv"), () => save(name, "text/csv", csv()))));
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
