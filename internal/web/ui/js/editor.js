// Where people write: a plain <textarea>, or the rich editor that takes its place once the page has fetched it. Other scripts
// write through a pen, which works for both: penOf(event.target) is null where nobody writes a message. The textarea stays the
// field of the form and always holds the plain text; what has a form (bold, a list) is sent beside it as "html".
const richEditors = new Map(); // .editor → editor
const editorBoxes = () => [...document.querySelectorAll(".editor[data-editor]")];

// penOf gives the way to write where el is: {field, rich, text(), replace(length, what), insert(what), place(), focus()}.
// text() is what stands before the caret in its line, place() the rectangle of the caret; what is {text} or {html}.
export function penOf(el) {
  const box = el?.closest?.(".editor");
  const field = el?.matches?.("textarea") ? el : box?.querySelector("textarea");
  if (!field) return null;
  return richEditors.get(field.closest(".editor")) || plainPen(field);
}
export const caretText = (el) => penOf(el)?.text() ?? "";
export const caretPlace = (el) => penOf(el)?.place();
// replaceBeforeCaret puts something in the place of the characters before the caret: replaceBeforeCaret(el, 4, { text: "Hana" }).
export const replaceBeforeCaret = (el, length, what) => penOf(el)?.replace(length, what);

const plainOf = (what) => what.text ?? new DOMParser().parseFromString(what.html.replace(/<(br|\/p|\/div|\/li)\b[^>]*>/g, "$&\n"), "text/html").body.textContent.trim();

function plainPen(field) {
  const put = (length, what) => {
    field.setRangeText(plainOf(what), Math.max(0, field.selectionStart - length), field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return {
    field,
    rich: false,
    text: () => field.value.slice(0, field.selectionStart).split("\n").at(-1),
    replace: put,
    insert: (what) => (field.focus(), put(0, what)),
    place: () => field.getBoundingClientRect(),
    focus: () => field.focus(),
    sync() {},
  };
}

export function focusField(field) {
  penOf(field)?.focus();
}

// The rich editor is a bundle of its own: fetched when the page has come to rest, or when somebody begins to write.
let richBundle;
async function enrich() {
  const boxes = editorBoxes().filter((b) => !richEditors.has(b));
  if (!boxes.length) return;
  richBundle ||= import(boxes[0].dataset.editor);
  await richBundle;
  for (const box of boxes) {
    const field = box.querySelector("textarea");
    if (richEditors.has(box) || !box.isConnected) continue;
    const caret = document.activeElement === field ? field.selectionStart : -1;
    richEditors.set(box, globalThis.makeRichEditor(box, field));
    if (caret >= 0) richEditors.get(box).writeOn(caret);
  }
}

// Idle time comes first to what the page itself still does; a field that somebody writes in is not changed under their hands.
const soon = globalThis.requestIdleCallback || ((run) => setTimeout(run, 200));
soon(() => enrich().catch(() => {}));

document.addEventListener("goodturn:morphed", () => {
  for (const box of richEditors.keys()) if (!box.isConnected) richEditors.delete(box);
  for (const editor of richEditors.values()) editor.follow();
  enrich().catch(() => {});
});
document.addEventListener("submit", (e) => e.target.querySelectorAll(".editor").forEach((box) => richEditors.get(box)?.sync()), true);
document.addEventListener("reset", (e) => setTimeout(() => e.target.querySelectorAll(".editor").forEach((box) => richEditors.get(box)?.follow(true))));
document.addEventListener("formdata", (e) => {
  for (const box of e.target.querySelectorAll(".editor")) {
    if (richEditors.has(box)) e.formData.set("html", richEditors.get(box).html());
  }
});

// Other parts of the page put text where somebody writes: new CustomEvent("goodturn:insert", { detail: { text | html, files } }).
document.addEventListener("goodturn:insert", (e) => {
  const pen = penOf(document.querySelector("#composer details[open] textarea"));
  if (!pen) return;
  if (e.detail.text || e.detail.html) pen.insert(e.detail);
  if (e.detail.files?.length) pen.field.form.dispatchEvent(new CustomEvent("goodturn:files", { detail: e.detail.files, bubbles: true }));
});

// "goodturn:typing" says on the document that somebody writes, at most every three seconds.
let typedAt = 0;
document.addEventListener("input", (e) => {
  const form = e.target.closest?.("#composer form");
  if (!form || !e.target.closest(".editor") || Date.now() - typedAt < 3000) return;
  typedAt = Date.now();
  document.dispatchEvent(new CustomEvent("goodturn:typing", { detail: { note: Boolean(e.target.closest(".is-note")) } }));
});
