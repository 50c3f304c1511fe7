// Small behaviours on pages that work without them. Each is attached by a data attribute or a role.
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
  const say = (text) => { $("#said").textContent = text; };
  document.documentElement.dataset.script = "";

  // Theme: at once, and kept by the form's own answer next time.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    event.preventDefault();
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `vouch-theme=${root.dataset.theme};path=/;max-age=31536000;samesite=strict`;
  });

  // Menus close with Escape and by a click elsewhere.
  document.addEventListener("click", (event) => $$("details.pop[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false)));

  // Filters act while they are changed; the button is for pages without a script.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form && event.target.matches("select")) form.requestSubmit();
  });

  // Selecting rows: all at once, and a bar that counts.
  const count = () => $$("[data-bulk]").forEach((bar) => {
    const chosen = $$(`input[name="id"][form="${bar.dataset.bulk}"]:checked`).length;
    bar.hidden = chosen === 0;
    const place = $("[data-count]", bar);
    if (place) place.textContent = `${chosen} selected`;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      $$(`input[name="id"][form="${event.target.dataset.all}"]`).forEach((box) => { box.checked = event.target.checked; });
    }
    count();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    $$('input[name="id"]:checked, [data-all]').forEach((box) => { box.checked = false; });
    count();
  });
  count();

  // Palette.
  const palette = $("#palette");
  const box = palette && $("input", palette);
  const list = palette && $("[role=listbox]", palette);
  const places = list ? [...list.children] : [];
  let at = 0, asked = 0, timer;
  const options = () => $$("[role=option]:not([hidden])", list);
  const mark = (next) => {
    const all = options();
    at = Math.max(0, Math.min(next, all.length - 1));
    all.forEach((option, index) => option.setAttribute("aria-selected", index === at));
    if (all[at]) { box.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); }
    else box.removeAttribute("aria-activedescendant");
  };
  const look = async () => {
    const words = box.value.trim().toLowerCase(), mine = ++asked;
    $$("[data-found]", list).forEach((found) => found.remove());
    places.forEach((place) => { place.hidden = !place.textContent.toLowerCase().includes(words); });
    mark(0);
    if (words.length < 2) return;
    const address = new URL(box.dataset.search, location.href);
    address.searchParams.set("q", box.value);
    const answer = await fetch(address, { headers: { accept: "application/json" } }).then((it) => it.ok ? it.json() : { records: [] });
    if (mine !== asked) return;
    answer.records.slice(0, 12).forEach((record, index) => {
      const option = document.createElement("li");
      option.id = `found-${index}`;
      option.setAttribute("role", "option");
      option.dataset.found = "";
      option.dataset.href = record.href;
      const name = document.createElement("span"), id = document.createElement("span");
      name.textContent = record.label;
      id.textContent = record.id;
      id.className = "ref";
      option.append(name, id);
      list.append(option);
    });
    mark(at);
  };
  const open = (text = "") => { palette.showModal(); box.value = text; look(); box.focus(); };
  if (palette) {
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
    box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); mark(at + step); }
      if (event.key === "Enter") { event.preventDefault(); options()[at]?.click(); }
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.href);
    });
  }

  // Keys: one letter, where nobody is typing.
  let going = false;
  const rows = () => $$("table[data-rows] > tbody > tr:has(a[href])");
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.classList.contains("focus-row"));
    const next = all[Math.max(0, Math.min(here + by, all.length - 1))];
    all.forEach((row) => row.classList.toggle("focus-row", row === next));
    $("a[href]", next).focus();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) { event.preventDefault(); return open(); }
    if (event.key === "Escape") $$("details.pop[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || localStorage.getItem("keys") === "off") return;
    if (going) {
      going = false;
      const entry = $(`.side-nav [data-key="${CSS.escape(event.key)}"]`);
      if (entry) { event.preventDefault(); entry.click(); }
      return;
    }
    const act = {
      g: () => { going = true; setTimeout(() => { going = false; }, 1200); },
      "/": () => ($("[data-filter]") ?? $("[data-palette]"))?.focus(),
      j: () => step(1),
      k: () => step(-1),
      x: () => $(".focus-row input[type=checkbox]")?.click(),
      e: () => $("[data-edit]")?.click(),
      "?": () => location.assign("/help#keys"),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  const keys = $("[data-keys]");
  if (keys) {
    keys.checked = localStorage.getItem("keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
  }

  // Drafts: kept on the server while somebody types.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(async () => {
      const kept = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")) });
      say(kept.ok ? "Draft saved" : "The draft could not be saved");
    }, 1000);
  });

  $("[role=alert][tabindex]")?.focus();
})();
