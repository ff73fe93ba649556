// Markdown as it is typed becomes what it means: **bold**, *italic*, `code`, "- ", "1. ", "> ", "---" and ```. One step of undo
// gives the characters back.
const spans = [
  [/(?:^|[^*\w])(\*\*)(?=\S)([^*]*[^*\s])\*\*$/, "B", 2],
  [/(?:^|[^_\w])(__)(?=\S)([^_]*[^_\s])__$/, "B", 2],
  [/(?:^|[^*\w])(\*)(?=[^\s*])([^*]*[^*\s])\*$/, "I", 1],
  [/(?:^|[^_\w])(_)(?=[^\s_])([^_]*[^_\s])_$/, "I", 1],
  [/(?:^|[^`])(`)(?=[^`])([^`]+)`$/, "CODE", 1],
];

const inCode = (editor) => editor.hasFormat("CODE") || editor.hasFormat("PRE");

// spanTyped looks at what stands before the caret after a character was typed.
function spanTyped(editor) {
  const range = editor.getSelection();
  const node = range.startContainer;
  if (!range.collapsed || node.nodeType !== Node.TEXT_NODE || inCode(editor)) return;
  const before = node.data.slice(0, range.startOffset);
  for (const [shape, tag, marks] of spans) {
    const m = shape.exec(before);
    if (!m) continue;
    const to = before.length - marks;
    const from = to - m[2].length;
    editor.saveUndoState(range);
    node.deleteData(to, marks);
    node.deleteData(from - marks, marks);
    const over = document.createRange();
    over.setStart(node, from - marks);
    over.setEnd(node, to - marks);
    editor.changeFormat({ tag }, null, over);
    const after = editor.getSelection();
    after.collapse(false);
    editor.setSelection(after);
    editor.changeFormat(null, { tag }, after);
    return;
  }
}

function blockBefore(editor, root) {
  const range = editor.getSelection();
  if (!range.collapsed) return null;
  let block = range.startContainer;
  while (block !== root && !/^(DIV|P|LI|PRE)$/.test(block.nodeName)) block = block.parentNode;
  if (block === root || block.nodeName !== "DIV") return null;
  const before = document.createRange();
  before.selectNodeContents(block);
  before.setEnd(range.startContainer, range.startOffset);
  return { block, text: before.toString().replace(/\u200B/g, "") };
}

// became empties the line of its marks and makes of it what they mean.
function became(editor, block, make) {
  editor.saveUndoState();
  block.replaceChildren(document.createElement("br"));
  const range = document.createRange();
  range.setStart(block, 0);
  editor.setSelection(range);
  make();
}

export function readMarkdown(editor, root, box) {
  box.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || (e.key !== " " && e.key !== "Enter")) return;
    const line = blockBefore(editor, root);
    if (!line) return;
    const makes = e.key === " " ? { "-": () => editor.makeUnorderedList(), "*": () => editor.makeUnorderedList(), "+": () => editor.makeUnorderedList(), "1.": () => editor.makeOrderedList(), "1)": () => editor.makeOrderedList(), ">": () => editor.increaseQuoteLevel(), "```": () => editor.code() }
      : { "```": () => editor.code(), "---": () => editor.insertHTML("<hr><div><br></div>"), "***": () => editor.insertHTML("<hr><div><br></div>") };
    const make = makes[line.text];
    if (!make || line.block.textContent.replace(/\u200B/g, "") !== line.text) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    became(editor, line.block, make);
  }, true);
  root.addEventListener("input", (e) => {
    if (e.inputType === "insertText" && "*_`".includes(e.data)) spanTyped(editor);
  });
}
