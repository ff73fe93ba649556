// The rich surface: an article's text as it will look, changed in place. It keeps the source of every block and gives back, of a block that
// was not changed, just that: documents of ProseMirror share what did not change, so that a block is known again by being the same object.
import { PM, articleSchema, highest } from "./model.js";
import { readPasted } from "./paste.js";

export const inText = (state, type) => {
  const { $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark($from.pos, to, type);
};

// rawView shows a piece of Markdown that has no other form here, and lets it be changed as that.
class RawView {
  constructor(node, view, getPos, words, render) {
    Object.assign(this, { node, view, getPos, render });
    this.dom = document.createElement("div");
    this.dom.className = "raw-block";
    this.dom.contentEditable = "false";
    this.shown = document.createElement("div");
    this.shown.className = "written";
    this.field = document.createElement("textarea");
    this.field.value = node.attrs.source;
    this.field.rows = Math.min(12, node.attrs.source.split("\n").length + 1);
    this.field.setAttribute("aria-label", words.dataset.raw);
    this.field.hidden = true;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = words.dataset.raw;
    button.addEventListener("click", () => {
      this.field.hidden = !this.field.hidden;
      this.field.hidden ? view.focus() : this.field.focus();
    });
    this.field.addEventListener("change", async () => {
      const source = this.field.value;
      const html = await this.render(source).catch(() => "");
      const at = this.getPos();
      if (at !== undefined) view.dispatch(view.state.tr.setNodeMarkup(at, null, { source, html }));
    });
    this.dom.append(this.shown, button, this.field);
    this.show();
  }
  show() {
    this.shown.innerHTML = this.node.attrs.html;
    if (!this.shown.textContent.trim() && !this.shown.querySelector("img, hr")) {
      const code = document.createElement("code");
      code.textContent = this.node.attrs.source;
      this.shown.replaceChildren(code);
    }
    this.shown.querySelectorAll("a").forEach((a) => (a.tabIndex = -1));
  }
  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }
  stopEvent(e) {
    return this.field.contains(e.target) || e.target.matches?.("button");
  }
  ignoreMutation() {
    return true;
  }
}

// makeSurface puts the surface into place; changed() is told of each change, moved() of each change of the selection too.
export function makeSurface(place, words, { changed, moved, files, link, render }) {
  const s = articleSchema;
  const { nodes: n, marks: m } = s;
  let known = new WeakMap(), blocks = [];
  let leaving = false;

  const rules = PM.inputRules({
    rules: [
      PM.wrappingInputRule(/^\s*>\s$/, n.blockquote),
      PM.wrappingInputRule(/^(\d{1,9})[.)]\s$/, n.ordered_list, (x) => ({ order: Number(x[1]) }), (x, node) => node.childCount + node.attrs.order === Number(x[1])),
      PM.wrappingInputRule(/^\s*([-+*])\s$/, n.bullet_list),
      PM.textblockTypeInputRule(/^```$/, n.code_block),
      PM.textblockTypeInputRule(/^(#{1,6})\s$/, n.heading, (x) => ({ level: x[1].length })),
      ...[[/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, m.strong], [/(?<!\*)\*([^*\s](?:[^*]*[^*\s])?)\*$/, m.em], [/`([^`]+)`$/, m.code]].map(([pattern, mark]) =>
        new PM.InputRule(pattern, (state, x, start, end) => {
          if (state.selection.$from.parent.type.spec.code) return null;
          return state.tr.replaceWith(start, end, s.text(x[1], [...state.doc.resolve(start + 1).marks().filter((o) => o.type !== mark), mark.create()])).removeStoredMark(mark);
        })),
    ],
  });
  const newLine = PM.chainCommands(PM.exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(n.hard_break.create()).scrollIntoView());
    return true;
  });
  const inList = (command) => (state, dispatch) => !leaving && command(n.list_item)(state, dispatch);
  const keys = {
    "Mod-z": PM.undo, "Mod-y": PM.redo, "Mod-Shift-z": PM.redo,
    "Mod-b": PM.toggleMark(m.strong), "Mod-i": PM.toggleMark(m.em), "Mod-e": PM.toggleMark(m.code),
    "Mod-k": (state) => (state.selection.empty && !inText(state, m.link) ? false : (link(), true)),
    "Shift-Enter": newLine, "Mod-Enter": () => false,
    Enter: PM.splitListItem(n.list_item, { checked: "" }),
    Tab: PM.chainCommands((...a) => !leaving && PM.goToNextCell(1)(...a), inList(PM.sinkListItem)),
    "Shift-Tab": PM.chainCommands((...a) => !leaving && PM.goToNextCell(-1)(...a), inList(PM.liftListItem)),
    Escape: () => ((leaving = true), false), // the next Tab leaves
    "Mod-Alt-0": PM.setBlockType(n.paragraph), "Mod-Shift-7": PM.wrapInList(n.ordered_list, { order: 1 }), "Mod-Shift-8": PM.wrapInList(n.bullet_list), "Mod-Shift-9": PM.wrapIn(n.blockquote),
  };
  const plugins = [rules, PM.keymap(keys), PM.keymap(PM.baseKeymap), PM.history(), PM.gapCursor(), PM.tableEditing()];

  const view = new PM.EditorView(place, {
    state: PM.EditorState.create({ schema: s, plugins }),
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": words.dataset.label, "aria-describedby": "f-body-hint", class: "written", id: "rich-body" },
    nodeViews: { raw_block: (node, v, getPos) => new RawView(node, v, getPos, words, render) },
    transformPastedHTML: readPasted,
    handleDOMEvents: { keydown: (_, e) => void (e.key !== "Escape" && e.key !== "Tab" && (leaving = false)) },
    handlePaste: (_, e) => {
      if (!e.clipboardData.files.length || e.clipboardData.getData("text/html")) return false;
      return files([...e.clipboardData.files]), true;
    },
    handleDrop: (v, e, slice, own) => {
      if (own || !e.dataTransfer?.files.length) return false;
      const at = v.posAtCoords({ left: e.clientX, top: e.clientY });
      if (at) v.dispatch(v.state.tr.setSelection(PM.Selection.near(v.state.doc.resolve(at.pos))));
      return files([...e.dataTransfer.files]), true;
    },
    handleClickOn: (v, _, node, at, e) => {
      if (node.type !== n.list_item || !node.attrs.checked || e.target.closest?.("li") !== v.nodeDOM(at) || e.target !== v.nodeDOM(at)) return false;
      v.dispatch(v.state.tr.setNodeMarkup(at, null, { checked: node.attrs.checked === "yes" ? "no" : "yes" }));
      return true;
    },
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged && !tr.getMeta("loaded")) changed();
      moved(view.state);
    },
  });

  // placeOf finds a block that came back by undoing: it is equal to one that was there, though not the same.
  const placeOf = (node, after) => {
    const at = known.get(node);
    if (at !== undefined) return at;
    if (after >= 0 && blocks[after]?.node.eq(node)) return after;
    return blocks.findIndex((b) => b.node.eq(node));
  };

  return {
    view,
    // load shows what the server parted a text into: [{source, node, html}].
    load(all) {
      known = new WeakMap();
      blocks = all.map((b) => ({ source: b.source, node: PM.Node.fromJSON(s, b.html === undefined ? b.node : { ...b.node, attrs: { ...b.node.attrs, html: b.html } }) }));
      blocks.forEach((b, i) => known.set(b.node, i));
      highest.level = Math.min(6, ...blocks.filter((b) => b.node.type === n.heading).map((b) => b.node.attrs.level));
      if (!blocks.some((b) => b.node.type === n.heading)) highest.level = 2;
      const doc = s.node("doc", null, blocks.length ? blocks.map((b) => b.node) : [n.paragraph.create()]);
      view.updateState(PM.EditorState.create({ doc, plugins }));
      moved(view.state);
    },
    // pieces is what is written now, in the form of markdown.Piece.
    pieces() {
      const used = new Set();
      let last = -2;
      const out = [];
      view.state.doc.forEach((node) => {
        let at = placeOf(node, last + 1);
        if (at >= 0 && used.has(at)) at = -1;
        used.add(at);
        last = at;
        out.push(at >= 0 ? { source: blocks[at].source, at } : { at: -1, node: node.toJSON() });
      });
      return out;
    },
    focus: () => view.focus(),
  };
}
