// A live chat in the help button's window. The button hands it what it has itself: how to ask the desk, how to make elements and fields. All that
// is typed stays with the browser until the desk has it; each message has a key of its own, so that one sent twice is said once.
async function chat({ name, view, call, make, field, form, random, show, dialog, opener, root, words }) {
  const place = name + " chat";
  let kept = {};
  const load = () => {
    try { kept = JSON.parse(localStorage.getItem(place)) || {}; } catch { /* kept while the page stays */ }
  };
  const keep = (more) => {
    Object.assign(kept, more);
    try { kept.token || kept.draft ? localStorage.setItem(place, JSON.stringify(kept)) : localStorage.removeItem(place); } catch { /* as above */ }
  };
  load();

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .talk { display: grid; gap: .75rem; padding: 1rem 1.25rem 1.25rem; }
    .log { display: grid; gap: .5rem; align-content: start; block-size: min(22rem, 40dvh); overflow: auto; overscroll-behavior: contain; }
    .log > div { max-inline-size: 85%; justify-self: start; background: var(--sunken); border-radius: .75rem; padding: .5rem .75rem; overflow-wrap: anywhere; }
    .log .mine { justify-self: end; background: none; box-shadow: inset 0 0 0 1px var(--edge); }
    .log p { color: inherit; white-space: pre-wrap; font-size: 1rem; }
    .log .who, .soft { color: var(--soft); font-size: .875rem; }
    .log + p { min-block-size: 1.5em; }
    .talk .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: space-between; }
    .talk form { padding: 0; }
    .talk .row button { border-color: var(--edge); background: none; }
    .news { background: var(--on); color: var(--accent); border-radius: 1rem; padding-inline: .5rem; }`);
  root.adoptedStyleSheets.push(sheet);

  let said = words, timer, fails = 0, busy = false, after = 0, newest = 0, shown = 0, typed = 0, state, stop;
  const badge = make("span", { class: "news", role: "status" });
  const visible = () => dialog.open && view.isConnected && !document.hidden;

  // Words with the addresses in them as links.
  const text = (words) => make("p", { dir: "auto" }, ...words.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((t, i) => i % 2 ? make("a", { href: t, target: "_blank", rel: "noopener nofollow" }, t) : t));

  // Before a conversation: the same three fields as for a request, under the truth about who is there.
  async function start() {
    stop?.();
    const stands = make("p", { role: "status" });
    const what = field("textarea", "talk", words.what, { rows: 3, "data-as": "text" }), who = field("input", "name", words.name, { autocomplete: "name" }), address = field("input", "address", words.address, { type: "email", autocomplete: "email" });
    const e = form("chat", [what, who, address], [stands], "chats", () => ({ text: what.value, name: who.value, address: address.value }), (answer) => {
      if (!answer.chat) return;
      keep({ token: answer.token, url: answer.url, pending: [] });
      talk(true);
      return true;
    });
    view.replaceChildren(e);
    const focus = () => visible() && !root.activeElement?.matches("input, textarea") && what.focus();
    focus();
    const ask = async () => {
      try {
        const now = await call("chats", {}, "GET");
        if (!now.ok) throw 0;
        said = { ...words, ...now.words };
        if (stands.textContent !== now.said + now.more) stands.replaceChildren(make("b", null, now.said), now.more);
        e.querySelector(".main").textContent = now.now ? said.begin : words.send;
      } catch {
        stands.textContent = words.failed;
      }
    };
    await ask();
    const again = setInterval(() => visible() && view.contains(e) && ask(), 20000);
    stop = () => clearInterval(again);
  }

  // The conversation.
  function talk(fresh) {
    stop?.();
    after = newest = 0;
    state = "";
    const log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": said.conversation || words.chat }), stands = make("p", { role: "status" }), writing = make("p", { class: "soft" });
    const area = make("textarea", { rows: 2, "aria-label": said.write || words.what, "aria-describedby": "chat-alert" }), alert = make("p", { class: "alert", id: "chat-alert", role: "alert" }), send = make("button", { class: "main" }, words.send);
    const row = make("div", { class: "row" }), e = make("form", { novalidate: "" }, area, alert, send);
    view.replaceChildren(make("div", { class: "talk" }, stands, log, writing, e, row));
    area.value = kept.draft || "";
    const mine = {};

    const low = () => { log.scrollTop = log.scrollHeight; };
    const bubble = (m, waits) => {
      const e = make("div", { class: m.mine ? "mine" : "" }, make("span", { class: "who" }, waits ? said.waits || "…" : m.mine ? m.time : m.who + " · " + m.time), text(m.text));
      if (m.more) e.append(make("p", { class: "soft" }, m.more));
      return e;
    };
    const wait = (p) => {
      mine[p.key] = bubble({ mine: true, text: p.text }, true);
      log.append(mine[p.key]);
      low();
    };

    const press = (label, run) => {
      const b = make("button", { type: "button" }, label);
      b.addEventListener("click", run);
      return b;
    };
    const act = (path) => async () => {
      try { take(await call(path, { token: kept.token, after, shown })); } catch { alert.textContent = said.offline; }
    };
    const over = (n) => {
      const end = n.state === "ended", had = row.contains(root.activeElement);
      row.replaceChildren(make("a", { href: kept.url, target: "_blank", rel: "noopener" }, said.page));
      if (!end) row.append(press(said.end, act("chats/end")));
      if (end && n.mail && !n.mailed) row.append(press(said.mail, act("chats/mail")));
      if (n.mailed) row.append(make("span", { class: "soft", role: "status" }, said.mailed));
      if (end) row.append(press(said.fresh, () => { keep({ token: "", draft: "", pending: [] }); start(); }));
      if (had) row.querySelector("button, a").focus();
    };

    // What the desk says stands as it says it.
    function take(n) {
      if (!n.ok) {
        if (n.status === 404) {
          stands.textContent = said.gone;
          area.value ||= (kept.pending || []).map((p) => p.text).join("\n\n");
          row.replaceChildren(press(said.fresh, () => { keep({ token: "", talk: area.value, draft: "", pending: [] }); start(); }));
          return clearTimeout(timer);
        }
        throw n;
      }
      fails = 0;
      const seen = visible();
      for (const m of n.messages) {
        if (m.id <= after) continue;
        after = newest = m.id;
        log.append(bubble(m));
        if (!m.mine && !seen) badge.textContent = said.news || "1";
      }
      if (n.messages.length) {
        for (const p of kept.pending || []) mine[p.key] && log.append(mine[p.key]);
        low();
      }
      if (badge.textContent && !seen) opener.append(badge);
      if (stands.textContent !== n.said + n.more) stands.replaceChildren(make("b", null, n.said), n.more);
      writing.textContent = n.writing;
      const now = n.state + n.mail + n.mailed;
      if (now !== state) {
        state = now;
        over(n);
      }
      timer && clearTimeout(timer);
      timer = setTimeout(look, seen ? n.next : Math.max(n.next, 8000));
    }

    function broken() {
      stands.textContent = said.offline || words.failed;
      clearTimeout(timer);
      timer = setTimeout(look, Math.min(30000, 1000 * 2 ** fails++) * (0.75 + Math.random() / 2));
    }

    // One thing at a time: what waits to be sent, in its order, or else the question what is new.
    async function look() {
      if (busy || !kept.token) return;
      busy = true;
      clearTimeout(timer);
      if (visible()) {
        if (shown < newest) low();
        shown = newest;
        badge.remove();
        badge.textContent = "";
      }
      const p = (kept.pending || [])[0], fields = { token: kept.token, after, shown };
      try {
        const n = p ? await call("chats/messages", { ...fields, key: p.key, text: p.text }) : await call("chats/news", { ...fields, typing: Date.now() - typed < 5000 && area.value ? 1 : "" });
        const wrong = n.wrong?.text;
        if (p && (n.ok || wrong)) {
          mine[p.key]?.remove();
          load();
          keep({ pending: (kept.pending || []).filter((x) => x.key !== p.key) });
          if (wrong) {
            alert.textContent = wrong;
            area.value ||= p.text;
            keep({ draft: area.value });
          }
        }
        if (wrong) timer = setTimeout(look, 1000);
        else take(n);
      } catch (n) {
        if (n?.alert) alert.textContent = n.alert;
        broken();
      }
      busy = false;
      if (p && !fails && kept.pending?.length) look();
    }

    e.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = area.value.trim();
      if (!words) return area.focus();
      const p = { key: random(), text: words };
      area.value = alert.textContent = "";
      typed = 0;
      load();
      keep({ pending: [...kept.pending || [], p], draft: "" });
      wait(p);
      area.focus();
      look();
    });
    area.addEventListener("input", () => {
      typed = Date.now();
      keep({ draft: area.value });
    });
    area.addEventListener("keydown", (k) => {
      if (k.key !== "Enter" || k.shiftKey || k.isComposing) return;
      k.preventDefault();
      e.requestSubmit();
    });
    const wake = () => { if (!document.hidden) look(); };
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    opener.addEventListener("click", wake);
    stop = () => {
      clearTimeout(timer);
      busy = false;
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      opener.removeEventListener("click", wake);
      badge.remove();
    };
    for (const p of kept.pending || []) wait(p);
    if (fresh || visible()) area.focus();
    look();
  }

  // Another page of the site, which goes on with the same conversation.
  addEventListener("storage", (s) => {
    if (s.key !== place) return;
    const was = kept.token || "";
    load();
    if ((kept.token || "") !== was) kept.token ? talk() : start();
  });
  if (!kept.token) return start();
  try {
    const now = await call("chats", {}, "GET");
    if (now.ok) said = { ...words, ...now.words };
  } catch { /* the words come later */ }
  talk();
}

export { chat };
