// An article is written in two ways, the same text in both: on the rich surface, or as Markdown with what it will look like beside it. The
// server parts the text into blocks and joins them again, so that what is not changed stays as it is written.
import { articleSchema, fileAddress, PM } from "./model.js";
import { askShows, askWhere } from "./ask.js";
import { makeBar } from "./bar.js";
import { sendFile } from "./files.js";
import { keepWriting } from "./keep.js";
import { inText, makeSurface } from "./surface.js";

const words = document.getElementById("writing");
const form = words.closest("form");
const field = words.querySelector("textarea");
const [place, bar, modes, seen] = [".author-rich", ".author-bar", ".author-modes", ".author-preview"].map((q) => words.querySelector(q));
const state = words.querySelector(".author-state");
const tell = (text) => (state.textContent = text);
const ask = async (url, values) => {
  const res = await fetch(url, { method: "POST", body: new URLSearchParams({ article: words.dataset.article, language: form.elements.language?.value || "", ...values }) });
  if (!res.ok) throw new Error(res.status);
  return res;
};
const remembered = (value) => {
  try {
    if (value) localStorage.setItem("articles:mode", value);
    return localStorage.getItem("articles:mode");
  } catch {
    return null;
  }
};

let surface, controls, mode = "markdown", touched = false, filling = false;
const rich = () => (mode === "rich" ? JSON.stringify(surface.pieces()) : undefined);
const keeping = keepWriting(form, words, () => ({ rich: touched ? rich() : undefined }), tell);

async function link() {
  const { view } = surface;
  const mark = articleSchema.marks.link;
  const at = view.state.selection;
  const had = at.$from.marks().find((m) => m.type === mark) || at.$from.nodeAfter?.marks.find((m) => m.type === mark);
  const answer = await askWhere(words, had?.attrs.href || "");
  view.focus();
  if (!answer) return;
  let { from, to } = view.state.selection;
  let tr = view.state.tr;
  if (from === to && had) { // the whole link that the caret stands in
    const parent = at.$from.parent;
    let pos = at.$from.start();
    parent.forEach((n) => {
      if (had.isInSet(n.marks) && pos <= at.from && at.from <= pos + n.nodeSize) [from, to] = [pos, pos + n.nodeSize];
      pos += n.nodeSize;
    });
  }
  if (!answer.href) tr = tr.removeMark(from, to, mark);
  else if (from === to) tr = tr.insert(from, articleSchema.text(answer.title || answer.href, [mark.create({ href: answer.href })]));
  else tr = tr.removeMark(from, to, mark).addMark(from, to, mark.create({ href: answer.href }));
  view.dispatch(tr.scrollIntoView());
}

// put writes a file that went up where the caret is.
async function files(all) {
  for (const file of all) {
    const up = await sendFile(file, form, words, tell).catch(() => (tell(words.dataset.failed), null));
    if (!up) continue;
    const alt = up.picture ? await askShows(up.name, up.url) : up.name;
    if (mode === "rich") {
      const { view } = surface;
      const node = up.picture ? articleSchema.nodes.image.create({ src: up.name, alt }) : articleSchema.text(up.name, [articleSchema.marks.link.create({ href: up.name })]);
      view.dispatch(view.state.tr.replaceSelectionWith(node, false).scrollIntoView());
      view.focus();
    } else {
      const text = (up.picture ? "!" : "") + "[" + alt.replace(/[[\]\\]/g, "\\$&") + "](" + (/[\s()<>]/.test(up.name) ? "<" + up.name + ">" : up.name) + ")";
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  }
}
const chooser = Object.assign(document.createElement("input"), { type: "file", multiple: true, accept: "image/png,image/jpeg,image/gif,image/webp" });
chooser.addEventListener("change", () => (files([...chooser.files]), (chooser.value = "")));
const picture = () => chooser.click();

function makeOnce() {
  if (surface) return;
  surface = makeSurface(place, words, {
    changed: () => ((touched = true), keeping.changed()),
    moved: (now) => controls?.show(now),
    files, link,
    render: async (source) => (await ask(words.dataset.piece, { body: source })).text(),
  });
  controls = makeBar(bar, surface, { link, picture });
}

async function parted(text) {
  return (await (await ask(words.dataset.blocks, { body: text })).json()).blocks;
}

function shown(which) {
  mode = which;
  const isRich = which === "rich";
  field.hidden = isRich;
  place.hidden = bar.hidden = !isRich;
  seen.hidden = isRich;
  words.dataset.mode = which;
  modes.hidden = false;
  modes.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", b.dataset.mode === which));
  if (!isRich) look();
}

async function toRich(focus) {
  makeOnce();
  surface.load(await parted(field.value));
  touched = false;
  shown("rich");
  controls.show(surface.view.state);
  if (focus) surface.focus();
}

async function toMarkdown(focus) {
  if (touched) {
    filling = true;
    field.value = await (await ask(words.dataset.markdown, { rich: rich() })).text();
    filling = false;
  }
  touched = false;
  shown("markdown");
  if (focus) field.focus();
}

modes.addEventListener("click", async (e) => {
  const to = e.target.closest("button")?.dataset.mode;
  if (!to || to === mode) return;
  try {
    await (to === "rich" ? toRich(true) : toMarkdown(true));
    remembered(to);
  } catch {
    tell(words.dataset.offline);
  }
});

// What it will look like, beside the Markdown where there is room.
let looking = 0;
async function look() {
  clearTimeout(looking);
  looking = 0;
  if (mode === "rich" || !seen.offsetParent) return;
  const page = new DOMParser().parseFromString(await (await ask(words.dataset.piece, { body: field.value })).text(), "text/html");
  seen.replaceChildren(...page.body.childNodes);
}
field.addEventListener("input", () => {
  if (mode === "rich" && !filling) return void toRich(false).then(() => (touched = false)); // another script filled it
  looking ||= setTimeout(() => look().catch(() => {}), 400);
});
field.addEventListener("paste", (e) => e.clipboardData.files.length && !e.clipboardData.getData("text/plain") && (e.preventDefault(), files([...e.clipboardData.files])));
field.addEventListener("dragover", (e) => e.dataTransfer.types.includes("Files") && e.preventDefault());
field.addEventListener("drop", (e) => e.dataTransfer.files.length && (e.preventDefault(), files([...e.dataTransfer.files])));
new ResizeObserver(() => mode === "markdown" && seen.offsetParent && !seen.childNodes.length && look().catch(() => {})).observe(words);

form.addEventListener("formdata", (e) => {
  if (mode === "rich" && touched) e.formData.set("rich", rich());
});

if (remembered() === "markdown") shown("markdown");
else toRich(false).catch(() => shown("markdown"));
