// What is typed in the composer is saved on the server within a second, and in this browser until the server has it, so that a
// crash or a lost connection costs nothing. Files and pictures go up at once and wait in the draft.
import { penOf } from "./editor.js";
import { morphFrom } from "./morph.js";
import { say } from "./say.js";

const saveAfter = 800;
const writerName = Math.random().toString(36).slice(2, 10);
const draftStates = new WeakMap(); // form → {dirty, busy, timer, tries}
const draftForms = () => [...document.querySelectorAll("#composer form[data-draft]")];
const kindOf = (form) => form.elements.kind.value;
const stateOf = (form) => draftStates.get(form) || draftStates.set(form, { tries: 0 }).get(form);
const localKey = (form) => "draft:" + form.dataset.me + ":" + location.pathname + ":" + kindOf(form) + ":" + (form.elements.draft?.value || "");

function localDraft(form, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(localKey(form)));
    value ? localStorage.setItem(localKey(form), JSON.stringify(value)) : localStorage.removeItem(localKey(form));
  } catch {
    return null;
  }
}

function showDraftState(form, name) {
  const place = document.querySelector("#composer .draft-state");
  if (!place || !form.closest("details")?.open) return;
  const text = name ? place.dataset[name] : "";
  if (place.textContent !== text) place.textContent = text;
}

function draftBody(form) {
  penOf(form.elements.text)?.sync();
  const data = new FormData(form);
  for (const name of ["files", "colleague", "comment", "then"]) data.delete(name);
  data.set("writer", stateOf(form).writer || writerName);
  return new URLSearchParams(data);
}

// swapPart puts the part of the composer that tells of the draft in its place.
function swapPart(html, kind) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("draft-" + kind);
  const old = document.getElementById("draft-" + kind);
  if (!fresh || !old) return null;
  if (!old.isEqualNode(fresh)) Idiomorph.morph(old, fresh);
  return document.getElementById("draft-" + kind);
}

async function postDraft(form, url, body) {
  const kind = kindOf(form);
  const res = await fetch(url, { method: "POST", body, headers: { "Goodturn-Fragment": "draft-" + kind } });
  const part = swapPart(await res.text(), kind);
  if (!part && !res.ok) throw new Error(res.status);
  return { ok: res.ok, part };
}

function draftChanged(form) {
  const state = stateOf(form);
  state.dirty = true;
  const pen = penOf(form.elements.text);
  localDraft(form, { text: form.elements.text.value, html: pen?.html?.() || "", version: form.elements.version?.value || "0", writer: stateOf(form).writer || writerName });
  showDraftState(form, state.tries ? "offline" : "saving");
  state.timer ||= setTimeout(() => saveDraft(form), saveAfter);
}

export async function saveDraft(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = 0;
  if (state.busy) await state.busy;
  if (!state.dirty || !form.isConnected) return;
  state.dirty = false;
  state.busy = (async () => {
    try {
      const body = draftBody(form);
      const { ok, part } = await postDraft(form, form.dataset.draft, body);
      state.tries = 0;
      if (!ok) return showDraftState(form, "");
      if (!state.dirty) {
        localDraft(form, "");
        penOf(form.elements.text)?.saved?.(body.get("text").replaceAll("\r\n", "\n"), body.get("html") || "");
        showDraftState(form, part?.querySelector(".draft-copy") ? "elsewhere" : "saved");
      }
    } catch {
      state.dirty = true;
      state.tries++;
      showDraftState(form, "offline");
      state.timer ||= setTimeout(() => saveDraft(form), Math.min(30000, 1000 * 2 ** state.tries));
    } finally {
      state.busy = undefined;
    }
  })();
  await state.busy;
}
export const flushDrafts = () => Promise.all(draftForms().map(saveDraft));

document.addEventListener("input", (e) => {
  const form = e.target.closest?.("form[data-draft]");
  if (form && (e.target.matches("textarea, [name=to], [name=cc], [name=bcc], [name=follow]"))) draftChanged(form);
});
addEventListener("online", () => flushDrafts());
addEventListener("pagehide", () => {
  for (const form of draftForms()) if (stateOf(form).dirty) navigator.sendBeacon(form.dataset.draft, draftBody(form));
});

// A form waits for what is on its way: a save that came after the answer would bring its draft back, and a file that is not up
// yet would be missing. Taking an answer back waits too, as it comes before what is typed now.
addEventListener("submit", (e) => {
  const form = e.target;
  const undo = form.matches?.("form[data-undo]");
  if (!form.matches?.("form[data-draft]") && !undo) return;
  const state = undo ? {} : stateOf(form);
  const busy = undo ? draftForms().some((f) => stateOf(f).dirty || stateOf(f).busy) && flushDrafts() : state.busy || (uploads.size && uploadsDone());
  if (busy && !form.dataset.waited) {
    e.preventDefault();
    e.stopImmediatePropagation();
    form.dataset.waited = "1";
    busy.then(() => form.requestSubmit(e.submitter)).finally(() => delete form.dataset.waited);
    return;
  }
  clearTimeout(state.timer);
  state.timer = 0;
}, true);
document.addEventListener("goodturn:sent", (e) => {
  const form = e.detail;
  if (!form.matches("form[data-draft]") || form.querySelector(".wrong, .composer-warning")) return;
  stateOf(form).dirty = false;
  localDraft(form, "");
  showDraftState(form, "");
});

// The small buttons beside a draft change it in place.
document.addEventListener("click", async (e) => {
  const button = e.target.closest?.("[data-draft-post]");
  const form = button?.form;
  if (!form) return;
  e.preventDefault();
  await saveDraft(form);
  const body = draftBody(form);
  for (const name of ["colleague", "comment"]) if (form.elements[name]) body.set(name, form.elements[name].value);
  if (button.name) body.set(button.name, button.value);
  const file = button.closest("[data-file]");
  try {
    await postDraft(form, button.getAttribute("formaction"), body);
    button.closest("[popover]")?.hidePopover();
    if (file && "inline" in file.dataset) dropPicture(form, file.dataset.url);
    if (button.name === "copy") await takeServed(form);
  } catch {
    say(document.body.dataset.offline, true);
  }
  if (!button.isConnected) penOf(form.elements.text)?.focus();
});

async function takeServed(form) {
  const res = await fetch(location.href, { headers: { "Goodturn-Fragment": "composer" } });
  if (res.ok) morphFrom(await res.text(), ["composer"]);
  localDraft(form, "");
}

function dropPicture(form, url) {
  const pen = penOf(form.elements.text);
  pen?.root?.querySelectorAll("img").forEach((img) => img.getAttribute("src") === url && img.remove());
}

// Files.
const uploads = new Set();
let uploaded;
const uploadsDone = () => new Promise((done) => (uploaded = done));

function uploadRow(form, file) {
  const list = form.querySelector(".files");
  const row = document.createElement("li");
  const bar = document.createElement("progress");
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "plain";
  stop.textContent = "✕";
  stop.setAttribute("aria-label", list.dataset.remove + " " + file.name);
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  row.append(file.name + " ", bar, stop);
  list.append(row);
  return { list, row, bar, stop };
}

// upload sends one file; inline asks for it to stand in the text.
function upload(form, file, inline) {
  const { list, row, bar, stop } = uploadRow(form, file);
  const limit = Number(form.querySelector("input[type=file]").dataset.max || 0);
  const fail = (text, again) => {
    bar.remove();
    const words = document.createElement("span");
    words.className = "wrong";
    words.textContent = text;
    row.insertBefore(words, stop);
    stop.onclick = () => row.remove();
    if (!again) return;
    const retry = document.createElement("button");
    retry.type = "button";
    retry.textContent = list.dataset.again;
    retry.onclick = () => (row.remove(), upload(form, file, inline));
    row.insertBefore(retry, stop);
  };
  if (limit && file.size > limit) return fail(list.dataset.large, false);
  const body = new FormData();
  body.set("kind", kindOf(form));
  if (form.elements.draft) body.set("draft", form.elements.draft.value);
  if (inline) body.set("inline", "1");
  body.set("files", file, file.name || "picture.png");
  const req = new XMLHttpRequest();
  req.open("POST", form.dataset.draft + "/files");
  req.setRequestHeader("Goodturn-Fragment", "draft-" + kindOf(form));
  req.upload.onprogress = (e) => e.lengthComputable && (bar.value = e.loaded / e.total);
  stop.onclick = () => (req.abort(), row.remove());
  uploads.add(req);
  req.onload = () => {
    const before = new Set([...form.querySelectorAll("[data-file]")].map((li) => li.dataset.file));
    const part = swapPart(req.responseText, kindOf(form));
    if (req.status >= 400) return fail(part?.querySelector(".wrong")?.textContent || list.dataset.failed, req.status >= 500);
    row.remove();
    const fresh = [...form.querySelectorAll("[data-file]")].find((li) => !before.has(li.dataset.file));
    if (inline && fresh && "inline" in fresh.dataset) penOf(form.elements.text)?.insert({ html: Object.assign(document.createElement("img"), { src: fresh.dataset.url, alt: fresh.dataset.name }).outerHTML });
  };
  req.onerror = () => fail(list.dataset.failed, true);
  req.onloadend = () => {
    uploads.delete(req);
    if (!uploads.size) uploaded?.();
  };
  req.send(body);
}

export function uploadAll(form, files, inline) {
  for (const file of files) upload(form, file, inline && file.type.startsWith("image/") && Boolean(penOf(form.elements.text)?.rich));
}
addEventListener("beforeunload", (e) => uploads.size && e.preventDefault());

// What this browser has and the server has not, after a crash or a night without a connection.
function restoreDrafts() {
  for (const form of draftForms()) {
    const mine = localDraft(form);
    const field = form.elements.text;
    if (!mine || !field) continue;
    if (mine.text === field.defaultValue) {
      localDraft(form, "");
      continue;
    }
    field.value = mine.text;
    field.closest(".editor").dataset.restored = mine.html;
    if (form.elements.version) form.elements.version.value = mine.version;
    stateOf(form).writer = mine.writer; // the same hand goes on
    stateOf(form).dirty = true;
    stateOf(form).timer = setTimeout(() => saveDraft(form), saveAfter);
  }
}
restoreDrafts();
