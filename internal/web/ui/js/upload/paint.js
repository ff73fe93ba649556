// Draws black boxes over a picture, by pointer or keys. Boxes are shares of its width and height.
const least = 0.01;

// paint opens the dialog and gives the boxes, or null when everything is to stay as it was.
export function paint(root, bitmap, before) {
  const dialog = root.querySelector("dialog"), stage = dialog.querySelector(".stage"), canvas = stage.querySelector("canvas");
  const undo = dialog.querySelector("[data-do=undo]");
  let boxes = [], steps = [];
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);

  const copy = () => boxes.map(({ x, y, w, h }) => ({ x, y, w, h }));
  const note = () => { steps.push(copy()); undo.disabled = false; };
  const place = (b) => {
    b.w = Math.min(1, Math.max(least, b.w));
    b.h = Math.min(1, Math.max(least, b.h));
    b.x = Math.min(1 - b.w, Math.max(0, b.x));
    b.y = Math.min(1 - b.h, Math.max(0, b.y));
    Object.assign(b.el.style, { left: b.x * 100 + "%", top: b.y * 100 + "%", width: b.w * 100 + "%", height: b.h * 100 + "%" });
  };
  const number = () => boxes.forEach((b, i) => b.el.setAttribute("aria-label", root.dataset.box.replace("#", i + 1)));
  const put = (b) => {
    b.el = document.createElement("button");
    b.el.type = "button";
    b.el.addEventListener("keydown", (e) => key(b, e));
    boxes.push(b);
    stage.append(b.el);
    place(b);
    number();
    return b;
  };
  const set = (all) => {
    for (const b of boxes) b.el.remove();
    boxes = [];
    for (const b of all) put({ ...b });
  };
  const key = (b, e) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (e.key === "Delete" || e.key === "Backspace") {
      note();
      boxes.splice(boxes.indexOf(b), 1);
      b.el.remove();
      number();
      (boxes.at(-1)?.el || dialog.querySelector("[data-do=add]")).focus();
    } else if (way) {
      note();
      const by = e.ctrlKey ? 0.002 : 0.02;
      if (e.shiftKey) { b.w += way[0] * by; b.h += way[1] * by; } else { b.x += way[0] * by; b.y += way[1] * by; }
      place(b);
    } else return;
    e.preventDefault();
  };

  set(before);
  undo.disabled = true;
  const at = (e) => {
    const r = canvas.getBoundingClientRect();
    return [Math.min(1, Math.max(0, (e.clientX - r.left) / r.width)), Math.min(1, Math.max(0, (e.clientY - r.top) / r.height))];
  };
  let drawn = null;
  const gone = new AbortController();
  const on = (el, what, f) => el.addEventListener(what, f, { signal: gone.signal });
  on(stage, "pointerdown", (e) => {
    if (e.button) return;
    e.preventDefault();
    stage.setPointerCapture(e.pointerId);
    const [x, y] = at(e), moved = boxes.find((b) => b.el === e.target);
    note();
    drawn = moved ? { box: moved, dx: x - moved.x, dy: y - moved.y } : { box: put({ x, y, w: least, h: least }), x, y };
  });
  on(stage, "pointermove", (e) => {
    if (!drawn) return;
    const [x, y] = at(e), b = drawn.box;
    if ("dx" in drawn) Object.assign(b, { x: x - drawn.dx, y: y - drawn.dy });
    else Object.assign(b, { x: Math.min(x, drawn.x), y: Math.min(y, drawn.y), w: Math.abs(x - drawn.x), h: Math.abs(y - drawn.y) });
    place(b);
  });
  for (const what of ["pointerup", "pointercancel"]) on(stage, what, () => { drawn?.box.el.focus(); drawn = null; });

  return new Promise((done) => {
    let result = null;
    on(dialog, "click", (e) => {
      const what = e.target.dataset?.do;
      if (what === "add") {
        note();
        put({ x: 0.375, y: 0.4, w: 0.25, h: 0.2 }).el.focus();
      } else if (what === "undo") {
        set(steps.pop());
        undo.disabled = !steps.length;
        if (undo.disabled) dialog.querySelector("[data-do=add]").focus();
      } else if (what === "done" || what === "cancel") {
        if (what === "done") result = copy();
        dialog.close();
      }
    });
    on(dialog, "close", () => {
      gone.abort();
      set([]);
      canvas.width = canvas.height = 1; // nothing of it stays in the page
      done(result);
    });
    dialog.showModal();
  });
}
