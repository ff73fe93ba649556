// A live chat on the page of its request: answers come as they are written, what is written is sent without leaving the page.
const card = document.getElementById("chat"), list = document.querySelector("ol.said"), form = document.getElementById("add");
const from = card.dataset.from, said = document.getElementById("chat-said"), more = document.getElementById("chat-more"), writing = document.getElementById("chat-writing");
let after = Number(card.dataset.after), shown = after, typed = 0, fails = 0, timer, busy = false;

const make = (kind, cls, ...inside) => {
  const e = document.createElement(kind);
  if (cls) e.className = cls;
  e.append(...inside);
  return e;
};

function add(m) {
  const time = make("time", "", m.time), who = make("bdi", "", m.who), text = make("div", "text", ...m.text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((t, i) => {
    if (i % 2 === 0) return t;
    const a = make("a", "", t);
    a.href = t;
    a.rel = "noopener nofollow";
    return a;
  }));
  time.dateTime = m.at;
  text.dir = "auto";
  text.classList.add("chat-text");
  const li = make("li", m.mine ? "" : "is-ours", make("p", "small soft", make("strong", "", who), " · ", time), text);
  if (m.more) li.append(make("p", "small", m.more));
  document.getElementById("newest")?.removeAttribute("id");
  li.id = "newest";
  list.append(li);
  if (!m.mine) writing.textContent = "";
}

async function look() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  let wait = 2000;
  try {
    if (!document.hidden) shown = after;
    const answer = await fetch(from, { method: "POST", body: new URLSearchParams({ after, shown, typing: Date.now() - typed < 5000 ? 1 : "" }) });
    if (!answer.ok) throw answer.status;
    const n = await answer.json();
    for (const m of n.messages) {
      if (m.id > after) add(m);
      after = Math.max(after, m.id);
    }
    if (said.textContent !== n.said) said.textContent = n.said;
    if (more.textContent !== n.more) more.textContent = n.more;
    writing.textContent = n.writing;
    fails = 0;
    wait = document.hidden ? Math.max(n.next, 8000) : n.next;
    if (n.state === "ended") return location.reload();
  } catch {
    said.textContent = card.dataset.offline;
    wait = Math.min(30000, 1000 * 2 ** fails++) * (0.75 + Math.random() / 2);
  } finally {
    busy = false;
  }
  timer = setTimeout(look, wait);
}

form.addEventListener("input", () => (typed = Date.now()));
form.addEventListener("submit", async (e) => {
  const area = form.elements.text, button = e.submitter;
  const files = form.querySelector("input[type=file]")?.files.length || form.querySelector("[name=kept]");
  if (button?.name || files || !area.value.trim()) return;
  e.preventDefault();
  const data = new FormData(form);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (!answer.ok) throw answer.status;
    form.elements.key.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    if (area.value.trim() === data.get("text").trim()) area.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    typed = 0;
    look();
  } catch (wrong) {
    if (typeof wrong === "number") return form.submit();
    said.textContent = card.dataset.offline;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  } finally {
    delete form.dataset.sent;
    form.querySelectorAll("[type=submit]").forEach((b) => b.removeAttribute("aria-disabled"));
  }
});
addEventListener("online", look);
document.addEventListener("visibilitychange", () => document.hidden || look());
timer = setTimeout(look, 1500);
