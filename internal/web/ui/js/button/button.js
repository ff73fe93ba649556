// The help button, for a page of anybody: <script src="https://desk/button.js" async></script>. It lives in a shadow root, styles itself with a
// constructed sheet, and makes its elements by hand, so that it works under a content policy that names the desk alone.
(async () => {
  const tag = document.currentScript, desk = new URL(tag.src).origin, name = "goodturn " + desk;
  if (window[name]) return;
  window[name] = true;

  // What is typed stays with the browser until the desk has it.
  let kept = {};
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  try { kept = JSON.parse(localStorage.getItem(name)) || {}; } catch { /* kept while the page stays */ }
  const keep = (more) => {
    Object.assign(kept, more);
    try { localStorage.setItem(name, JSON.stringify(kept)); } catch { /* as above */ }
  };

  const language = tag.dataset.language || document.documentElement.lang || navigator.language;
  const call = async (path, fields, method = "POST") => {
    const all = new URLSearchParams({ language, from: location.origin + location.pathname, ...fields }), get = method === "GET";
    const answer = await fetch(`${desk}/button/${path}${get ? "?" + all : ""}`, { method, body: get ? undefined : all, credentials: "omit" });
    return { ok: answer.ok, ...await answer.json() };
  };

  let set;
  try {
    set = await call("parts", {}, "GET");
    if (!set.ok) throw 0;
  } catch {
    console.warn("Goodturn: the help button is not shown. Is this site named in its settings, and does the content policy let it connect to " + desk + "?");
    return;
  }
  const { words, parts } = set, has = (part) => parts.includes(part);
  if (!parts.length) return;

  const make = (kind, attributes, ...inside) => {
    const e = document.createElement(kind);
    for (const [k, v] of Object.entries(attributes || {})) v === false || e.setAttribute(k, v);
    e.append(...inside);
    return e;
  };
  const mark = () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M18.7 9.2A7.3 7.3 0 1 0 19.3 12.6M20 4.2v5.4h-5.4");
    return svg;
  };

  const host = make("goodturn-help", { lang: set.language, dir: set.dir, "data-theme": tag.dataset.theme || "" }), root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; color-scheme: light dark !important; font: 1rem/1.5 system-ui, sans-serif !important;
      --paper: light-dark(#fdfcfa, #1f2227); --sunken: light-dark(#f3f1ec, #2b2f35); --ink: light-dark(#21252d, #edebe7); --soft: light-dark(#555a63, #b3b7be);
      --edge: light-dark(#858a92, #858a92); --line: light-dark(#e3e0da, #40454c); --accent: light-dark(#0b6159, #6fd0c2); --on: light-dark(#fff, #0c1f1d); --late: light-dark(#a3262a, #ff9d95); }
    :host([data-theme=light]) { color-scheme: light !important; }
    :host([data-theme=dark]) { color-scheme: dark !important; }
    * { box-sizing: border-box; }
    button, input, textarea { font: inherit; color: inherit; }
    button { cursor: pointer; border: 1px solid transparent; border-radius: .5rem; padding: .5rem 1rem; min-block-size: 2.75rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .main { background: var(--accent); color: var(--on); font-weight: 600; }
    .open { position: fixed; z-index: 2147483647; inset-block-end: 1rem; inset-inline-end: 1rem; border-radius: 2rem; display: flex; gap: .5rem; align-items: center; box-shadow: 0 .25rem 1rem #0004; }
    @media print { .open { display: none; } }
    svg { inline-size: 1.25rem; fill: none; stroke: currentColor; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
    dialog { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 0; inline-size: min(26rem, 100vw - 2rem); max-block-size: calc(100dvh - 2rem);
      margin-block: auto 1rem; margin-inline: auto 1rem; box-shadow: 0 .5rem 2rem #0005; overflow: auto; }
    dialog::backdrop { background: #0003; }
    header { display: flex; align-items: center; justify-content: space-between; padding: .5rem .5rem .5rem 1.25rem; padding-inline: 1.25rem .5rem; }
    h2 { font-size: 1.25rem; margin: 0; }
    .bare { background: none; min-inline-size: 2.75rem; padding: 0; font-size: 1.5rem; }
    nav { display: flex; flex-wrap: wrap; gap: .25rem; padding-inline: 1.25rem; }
    [hidden] { display: none !important; }
    nav button { background: none; padding: .25rem .75rem; min-block-size: 2.25rem; color: var(--soft); }
    [aria-pressed=true] { background: var(--sunken); color: var(--ink); font-weight: 600; }
    form, .said { display: grid; gap: .75rem; padding: 1rem 1.25rem 1.25rem; }
    label { display: grid; gap: .25rem; font-weight: 600; }
    input, textarea { font-weight: 400; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; padding: .5rem .75rem; inline-size: 100%; min-block-size: 2.75rem; resize: vertical; }
    [aria-invalid] { border-color: var(--late); }
    .wrong, .alert { color: var(--late); margin: 0; font-weight: 400; }
    .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
    li { border-inline-start: 3px solid var(--accent); padding-inline-start: .75rem; }
    a { color: var(--accent); }
    p { margin: 0; overflow-wrap: anywhere; }
    li p { color: var(--soft); font-size: .875rem; }`);
  root.adoptedStyleSheets = [sheet];

  const dialog = make("dialog", { "aria-labelledby": "title" }), body = make("div");
  const opener = make("button", { class: "open main", type: "button", "aria-haspopup": "dialog" }, mark(), words.help);
  const close = make("button", { class: "bare", type: "button", "aria-label": words.close }, "×");
  const views = {}, nav = make("nav");
  dialog.append(make("header", null, make("h2", { id: "title" }, words.help), close), nav, body);
  root.append(opener, dialog);

  const show = (which, focus = true) => {
    for (const b of nav.children) b.setAttribute("aria-pressed", b.value === which);
    body.replaceChildren(views[which]);
    if (which === "chat") talk();
    if (focus) views[which].querySelector("textarea, input, a")?.focus();
  };

  // A field that keeps what is typed, and has room for what is wrong with it.
  const field = (kind, key, label, attributes) => {
    const e = make(kind, { name: key, ...attributes }), wrong = make("span", { class: "wrong", id: "wrong-" + key });
    e.value = kept[key] || "";
    e.addEventListener("input", () => keep({ [key]: e.value }));
    e.fault = (text) => {
      wrong.textContent = text || "";
      e[text ? "setAttribute" : "removeAttribute"]("aria-invalid", "true");
      e[text ? "setAttribute" : "removeAttribute"]("aria-describedby", wrong.id);
    };
    e.whole = make("label", null, label, e, wrong);
    return e;
  };

  const form = (which, fields, before, path, extra, done) => {
    const alert = make("p", { class: "alert", role: "alert" }), send = make("button", { class: "main" }, words.send), trap = make("input", { name: "leave_empty", tabindex: "-1", autocomplete: "off" });
    const e = make("form", { novalidate: "" }, ...before, ...fields.map((f) => f.whole), make("div", { class: "unseen", "aria-hidden": "true" }, trap), alert, ...path ? [send] : []);
    let busy;
    e.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy || !path) return;
      busy = true;
      alert.textContent = "";
      kept.key || keep({ key: random() });
      kept.visitor || keep({ visitor: random() });
      try {
        const answer = await call(path, { key: kept.key, visitor: kept.visitor, leave_empty: trap.value, ...extra(fields) });
        for (const f of fields) f.fault(answer.wrong?.[f.dataset.as || f.name]);
        if (answer.ok) {
          fields[0].value = "";
          keep({ [fields[0].name]: "", key: "" });
          busy = false;
          if (done?.(answer)) return;
          const again = make("button", { type: "button" }, words.more);
          const said = make("div", { class: "said", tabindex: "-1", role: "status" }, make("p", null, answer.said));
          if (answer.url) said.append(make("p", null, make("a", { href: answer.url, target: "_blank", rel: "noopener" }, words.open)));
          again.addEventListener("click", () => show(which));
          said.append(again);
          body.replaceChildren(said);
          said.focus();
        } else {
          alert.textContent = answer.alert || words.wrong;
          e.querySelector("[aria-invalid]")?.focus();
        }
      } catch {
        alert.textContent = words.failed;
      }
      busy = false;
    });
    return e;
  };

  const add = (which, label, view) => {
    views[which] = view;
    const b = make("button", { type: "button", value: which }, label);
    b.addEventListener("click", () => show(which));
    nav.append(b);
  };

  if (has("search") || has("request")) {
    const text = field("textarea", "text", words.what, { rows: 3 }), list = make("ul"), said = make("p", { class: "unseen", role: "status" });
    let later, asked = "";
    const look = async () => {
      if (text.value.trim() === asked) return;
      const now = asked = text.value.trim();
      try {
        const answer = await call("found", { text: now.slice(-500) }, "GET");
        if (!answer.ok || now !== asked || list.contains(root.activeElement)) return;
        list.replaceChildren(...answer.found.map((f) => make("li", null, make("a", { href: f.url, target: "_blank", rel: "noopener" }, f.title), make("p", null, f.text))));
        said.textContent = answer.said;
      } catch { /* it is only help */ }
    };
    if (has("search")) text.addEventListener("input", () => { clearTimeout(later); later = setTimeout(look, 300); });
    text.whole.append(said);
    const fields = [text];
    if (has("request")) fields.push(field("input", "name", words.name, { autocomplete: "name" }), field("input", "address", words.address, { type: "email", autocomplete: "email" }));
    const view = form("ask", fields, [], has("request") && "requests", (all) => Object.fromEntries(all.map((f) => [f.name, f.value])));
    text.whole.after(list);
    add("ask", words.ask, view);
    if (text.value) look();
  }
  // A chat is a part of its own, which comes when it is wanted, or goes on.
  const chats = make("div");
  let part;
  const talk = () => part ||= import(desk + "/button/chat.js").then((m) => m.chat({ name, view: chats, call, make, field, form, random, show, dialog, opener, root, words })).catch(() => { part = 0; chats.textContent = words.failed; });
  if (has("chat")) {
    add("chat", words.chat, chats);
    try { localStorage.getItem(name + " chat") && talk(); } catch { /* nothing is kept */ }
  }
  if (has("papercut")) {
    const small = field("input", "small", words.bugs, { "data-as": "text", maxlength: "300" });
    add("small", words.small, form("small", [small], [], "papercuts", () => ({ text: small.value })));
  }
  nav.hidden = nav.children.length < 2;
  show(nav.firstChild.value, false);

  opener.addEventListener("click", () => { dialog.showModal(); show(nav.querySelector("[aria-pressed=true]").value); });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => opener.focus());
  (document.body || document.documentElement).append(host);
})();
