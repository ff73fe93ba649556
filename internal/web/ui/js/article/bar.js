// The bar over the rich surface: what each button does, and what it says of the place where the caret is.
import { PM, articleSchema } from "./model.js";
import { inText } from "./surface.js";

const within = (state, type) => {
  for (let d = state.selection.$from.depth; d > 0; d--) if (state.selection.$from.node(d).type === type) return true;
  return false;
};

// baseLevel is that of the highest headings in the text: further ones are of the same kind.
function baseLevel(doc) {
  let least = 7;
  doc.forEach((n) => n.type === articleSchema.nodes.heading && (least = Math.min(least, n.attrs.level)));
  return Math.min(least > 6 ? 2 : least, 4);
}

// newTable has two columns and a row to write in.
function newTable() {
  const { table, table_row, table_header, table_cell, paragraph } = articleSchema.nodes;
  const row = (cell) => table_row.create(null, [1, 2].map(() => cell.create(null, paragraph.create())));
  return table.create(null, [row(table_header), row(table_cell), row(table_cell)]);
}

function switchList(kind, attrs) {
  const { list_item, bullet_list, ordered_list } = articleSchema.nodes;
  return (state, dispatch) => {
    if (within(state, kind)) return PM.liftListItem(list_item)(state, dispatch);
    const other = kind === bullet_list ? ordered_list : bullet_list;
    for (let d = state.selection.$from.depth; d > 0; d--) {
      if (state.selection.$from.node(d).type !== other) continue;
      dispatch?.(state.tr.setNodeMarkup(state.selection.$from.before(d), kind, attrs));
      return true;
    }
    return PM.wrapInList(kind, attrs)(state, dispatch);
  };
}

const block = (type, attrs) => PM.setBlockType(type, attrs);
const nodesOf = articleSchema.nodes;
const doing = {
  bold: PM.toggleMark(articleSchema.marks.strong),
  italic: PM.toggleMark(articleSchema.marks.em),
  code: PM.toggleMark(articleSchema.marks.code),
  list: switchList(nodesOf.bullet_list, {}),
  numbers: switchList(nodesOf.ordered_list, { order: 1 }),
  quote: (state, dispatch) => (within(state, nodesOf.blockquote) ? PM.lift(state, dispatch) : PM.wrapIn(nodesOf.blockquote)(state, dispatch)),
  pre: (state, dispatch) => (within(state, nodesOf.code_block) ? block(nodesOf.paragraph)(state, dispatch) : block(nodesOf.code_block)(state, dispatch)),
  rule: (state, dispatch) => (dispatch?.(state.tr.replaceSelectionWith(nodesOf.horizontal_rule.create())), true),
  table: (state, dispatch) => {
    const table = newTable();
    const tr = state.tr.replaceSelectionWith(table);
    let at = 0;
    tr.doc.descendants((n, pos) => n === table && (at = pos));
    dispatch?.(tr.setSelection(PM.TextSelection.near(tr.doc.resolve(at + 3))).scrollIntoView());
    return true;
  },
  row: PM.addRowAfter, column: PM.addColumnAfter, norow: PM.deleteRow, nocolumn: PM.deleteColumn, notable: PM.deleteTable,
  undo: PM.undo, redo: PM.redo,
};

export function makeBar(bar, surface, { link, picture }) {
  const { view } = surface;
  const buttons = [...bar.querySelectorAll("[data-do]")];
  const kind = bar.querySelector("select");
  const tables = bar.querySelector(".for-table");
  const run = (command) => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  bar.addEventListener("mousedown", (e) => e.target.closest("[data-do]") && e.preventDefault());
  bar.addEventListener("click", (e) => {
    const what = e.target.closest("[data-do]")?.dataset.do;
    if (what === "link") link();
    else if (what === "picture") picture();
    else if (what) run(doing[what]);
  });
  kind.addEventListener("change", () => {
    const base = baseLevel(view.state.doc);
    run(kind.value === "text" ? block(nodesOf.paragraph) : block(nodesOf.heading, { level: base + Number(kind.value) }));
  });
  // One stop for the Tab key; arrows go from button to button.
  const stops = () => [kind, ...buttons].filter((b) => b.offsetParent);
  bar.addEventListener("keydown", (e) => {
    const all = stops();
    const at = all.indexOf(e.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (at < 0 || (!step && e.key !== "Home" && e.key !== "End")) return;
    e.preventDefault();
    const to = e.key === "Home" ? 0 : e.key === "End" ? all.length - 1 : (at + step + all.length) % all.length;
    all.forEach((b, i) => (b.tabIndex = i === to ? 0 : -1));
    all[to].focus();
  });
  buttons.forEach((b) => (b.tabIndex = -1));

  const pressed = {
    bold: (s) => inText(s, articleSchema.marks.strong), italic: (s) => inText(s, articleSchema.marks.em), code: (s) => inText(s, articleSchema.marks.code), link: (s) => inText(s, articleSchema.marks.link),
    list: (s) => within(s, nodesOf.bullet_list), numbers: (s) => within(s, nodesOf.ordered_list), quote: (s) => within(s, nodesOf.blockquote), pre: (s) => within(s, nodesOf.code_block),
  };
  return {
    show(state) {
      for (const b of buttons) if (pressed[b.dataset.do]) b.setAttribute("aria-pressed", pressed[b.dataset.do](state));
      const here = state.selection.$from.parent;
      kind.value = here.type === nodesOf.heading ? String(Math.max(0, Math.min(2, here.attrs.level - baseLevel(state.doc)))) : "text";
      tables.hidden = !PM.isInTable(state);
    },
  };
}
