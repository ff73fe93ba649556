// The rich editor: Squire in the place of a textarea, which goes on holding the plain text.
import { cleanFragment } from "./clean.js";
import { readMarkdown } from "./markdown.js";

// Text longer than this is a file, as nobody reads it in a message: it would make each key slow.
const longText = 200000;
const zeroWidth = /\u200B/g;
const forms = "b, i, u, s, a, ul, ol, blockquote, pre, code, img, table, hr";

// Spaces that HTML would swallow, at the ends of a line and beside others, stay: somebody may be about to write on.
const htmlOfText = (text) => text.split("\n").map((line) => {
  const div = document.createElement("div");
  div.append(line.replace(/^ | $|(?<= ) /g, "\u00A0") || document.createElement("br"));
  return div.outerHTML;
}).join("");

function plainText(root) {
  return root.innerText.replace(zeroWidth, "").replace(/\u00A0/g, " ").replace(/\n$/, "");
}

globalThis.makeRichEditor = (box, field) => {
  const root = box.querySelector(".rich");
  root.hidden = false;
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-label", field.getAttribute("aria-label"));
  root.dataset.placeholder = field.placeholder;
  const editor = new Squire(root, { sanitizeToDOMFragment: cleanFragment, undo: { documentSizeThreshold: 500000, undoLimit: 50 } });
  editor._imageResizer.destroy(); // its handles need styles in attributes, which the page's policy forbids
  let adopted = "", timer;

  // The server's state is what the fragment came with, or what draft.js says that it has saved since.
  const served = () => JSON.stringify([field.defaultValue, box.dataset.html || ""]);
  const isEmpty = () => !root.textContent.replace(zeroWidth, "").trim() && !root.querySelector("img, hr, li, table");
  const html = () => (root.querySelector(forms) && !isEmpty() ? editor.getHTML().replace(zeroWidth, "") : "");
  let loaded;
  const load = (text, rich) => {
    editor.setHTML(rich || htmlOfText(text));
    loaded = editor.getHTML();
    field.value = text;
    root.classList.toggle("is-empty", isEmpty());
  };
  let typed = false, telling = false;
  const sync = () => {
    clearTimeout(timer);
    timer = 0;
    field.value = isEmpty() ? "" : plainText(root);
  };
  const changed = () => {
    if (!typed && loaded === editor.getHTML()) return; // it was only loaded
    typed = true;
    root.classList.toggle("is-empty", isEmpty());
    const tell = () => {
      sync();
      telling = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      telling = false;
    };
    if (root.textContent.length < 5000) tell();
    else timer ||= setTimeout(tell, 500); // reading a long text anew takes longer than a key may
  };

  const pen = {
    field,
    rich: true,
    root,
    editor,
    html,
    sync,
    isEmpty,
    text() {
      const range = editor.getSelection();
      let block = range.startContainer;
      while (block !== root && !/^(DIV|P|LI|PRE|TD|TH)$/.test(block.nodeName)) block = block.parentNode;
      const before = document.createRange();
      before.selectNodeContents(block);
      before.setEnd(range.startContainer, range.startOffset);
      return before.toString().replace(zeroWidth, "").replace(/\u00A0/g, " ");
    },
    replace(length, what) {
      const range = editor.getSelection();
      range.collapse(false);
      for (let left = length; left > 0; left--) back(range, root);
      editor.setSelection(range);
      pen.insert(what);
    },
    insert(what) {
      root.focus();
      if (what.html) editor.insertHTML(what.html);
      else editor.insertPlainText(what.text, false);
      changed();
      root.scrollTop = Math.max(root.scrollTop, 0);
    },
    place: () => editor.getCursorPosition(),
    focus: () => root.focus(),
    // writeOn puts the caret where it was in the field, so that who was writing there goes on.
    writeOn(caret) {
      root.focus();
      if (!field.value) return;
      const before = field.value.slice(0, caret).split("\n");
      const line = root.children[before.length - 1];
      const range = document.createRange();
      if (line?.firstChild?.nodeType === Node.TEXT_NODE) range.setStart(line.firstChild, Math.min(before.at(-1).length, line.firstChild.length));
      else range.setStart(line || root, 0);
      editor.setSelection(range);
    },
    clear: () => load("", ""),
    // follow takes what the page was given since, unless somebody has written here meanwhile.
    follow(reset) {
      if (!reset && (served() === adopted || typed)) return;
      adopted = served();
      typed = false;
      load(field.defaultValue, box.dataset.html);
      if (reset) field.value = "";
    },
    // saved says that the server has what stands here.
    saved(text, rich) {
      field.defaultValue = text;
      box.dataset.html = rich;
      adopted = served();
      typed = false;
      loaded = editor.getHTML();
    },
  };

  // What the reload of a form or this tab brought back into the field counts more than what the server had.
  adopted = served();
  if (field.value !== field.defaultValue) {
    load(field.value, box.dataset.restored || "");
    typed = true;
  } else {
    load(field.defaultValue, box.dataset.html);
  }
  box.dataset.live = "";
  editor.addEventListener("input", changed);
  editor.addEventListener("pathChange", () => showState(box, editor));
  readMarkdown(editor, root, box);
  // Another script, or a driver, that fills the field as if it were plain.
  field.addEventListener("input", () => telling || (load(field.value, ""), (typed = true)));
  box.addEventListener("paste", (e) => pasteLong(e, pen), true); // before the editor's own
  wireBar(box, pen);
  return pen;
};

// back moves the start of a range by one character to the left, over the ends of text nodes.
function back(range, root) {
  let { startContainer: node, startOffset: at } = range;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  if (node.nodeType !== Node.TEXT_NODE) {
    walk.currentNode = node.childNodes[at] || node;
    node = walk.previousNode();
    at = node?.length;
  }
  walk.currentNode = node || root;
  while (node && (at === 0 || node.data.slice(at - 1, at) === "\u200B")) {
    if (at > 0) {
      at--;
      continue;
    }
    node = walk.previousNode();
    at = node?.length;
  }
  if (node) range.setStart(node, at - 1);
}

function pasteLong(e, pen) {
  const text = e.clipboardData.getData("text/plain");
  if (text.length > longText) {
    e.preventDefault();
    e.stopImmediatePropagation();
    const file = new File([text], pen.field.closest(".editor").dataset.pasted || "text.txt", { type: "text/plain" });
    pen.field.form.dispatchEvent(new CustomEvent("goodturn:files", { detail: [file], bubbles: true }));
    document.dispatchEvent(new CustomEvent("goodturn:say", { detail: pen.field.closest(".editor").dataset.long }));
  } else if (e.clipboardData.getData("text/html").length > 4 * longText) {
    e.preventDefault();
    e.stopImmediatePropagation();
    pen.insert({ text });
  }
}

const toggles = {
  bold: (ed) => (ed.hasFormat("B") ? ed.removeBold() : ed.bold()),
  italic: (ed) => (ed.hasFormat("I") ? ed.removeItalic() : ed.italic()),
  code: (ed) => ed.toggleCode(),
  list: (ed) => (/(?:^|>)UL/.test(ed.getPath()) ? ed.removeList() : ed.makeUnorderedList()),
  numbers: (ed) => (/(?:^|>)OL/.test(ed.getPath()) ? ed.removeList() : ed.makeOrderedList()),
  quote: (ed) => (/(?:^|>)BLOCKQUOTE/.test(ed.getPath()) ? ed.decreaseQuoteLevel() : ed.increaseQuoteLevel()),
  clear: (ed) => ed.removeAllFormatting(),
};
const states = { bold: /(?:^|>)B\b/, italic: /(?:^|>)I\b/, code: /(?:^|>)(CODE|PRE)/, list: /(?:^|>)UL/, numbers: /(?:^|>)OL/, quote: /(?:^|>)BLOCKQUOTE/, link: /(?:^|>)A\b/ };

const barOf = (box) => box.closest("form")?.querySelector(".editor-bar");

function showState(box, editor) {
  const path = editor.getPath();
  for (const button of barOf(box)?.querySelectorAll("[data-format]") || []) {
    const state = states[button.dataset.format];
    if (state) button.setAttribute("aria-pressed", state.test(path) || (path === "(selection)" && button.dataset.format === "bold" && editor.hasFormat("B")));
  }
}

function wireBar(box, pen) {
  const { editor, root } = pen;
  const bar = barOf(box);
  if (!bar) return;
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("[data-format]")];
  buttons.forEach((b, i) => (b.tabIndex = i ? -1 : 0));
  bar.addEventListener("mousedown", (e) => e.target.closest("[data-format]") && e.preventDefault());
  bar.addEventListener("click", (e) => {
    const format = e.target.closest("[data-format]")?.dataset.format;
    if (!format) return;
    if (format === "link") return askLink(bar, pen);
    toggles[format](editor);
    root.focus();
    showState(box, editor);
  });
  bar.addEventListener("keydown", (e) => {
    const at = buttons.indexOf(e.target);
    if (at < 0 || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(e.key)) return;
    e.preventDefault();
    const to = e.key === "Home" ? 0 : e.key === "End" ? buttons.length - 1 : (at + (e.key === "ArrowRight" ? 1 : -1) + buttons.length) % buttons.length;
    buttons.forEach((b, i) => (b.tabIndex = i === to ? 0 : -1));
    buttons[to].focus();
  });
  // Ctrl+K on selected text makes a link; with nothing selected it stays the palette's.
  root.closest(".editor").addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k" && (!editor.getSelection().collapsed || editor.hasFormat("A"))) {
      e.preventDefault();
      e.stopPropagation();
      askLink(bar, pen);
    }
  }, true);
}

// askLink asks for the address in a line above the text. An empty one takes the link away.
function askLink(bar, pen) {
  const { editor, root } = pen;
  const line = bar.querySelector(".editor-link");
  const input = line.querySelector("input");
  const range = editor.getSelection().cloneRange();
  const at = range.startContainer;
  input.value = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement)?.closest(".rich a")?.getAttribute("href") || "";
  line.hidden = false;
  input.focus();
  input.select();
  const close = (apply) => {
    line.hidden = true;
    root.focus();
    editor.setSelection(range);
    if (!apply) return;
    let url = input.value.trim();
    if (!url) return void editor.removeLink();
    if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) url = url.includes("@") && !url.includes("/") ? "mailto:" + url : "https://" + url;
    if (/^(https?|mailto|tel):/i.test(url)) editor.makeLink(url);
  };
  input.onkeydown = (e) => {
    if (e.key !== "Enter" && e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    close(e.key === "Enter");
  };
  line.querySelector("button").onclick = () => close(true);
}
