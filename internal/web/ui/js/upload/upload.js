// Uploads files before their form is sent, by the tus protocol, and goes on by itself where the line broke. Pictures wait
// until the form is sent, so that what is hidden in them never leaves the device. portal.js loads this with the first file.
const step = { least: 65536, most: 1048576, quick: 4000, slow: 16000 };
const retries = [1, 2, 4, 8, 15];
const kilo = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent", maximumFractionDigits: 0 });
const lists = new Map();
let parts, busy;

const sizeOf = (n) => {
  let unit = 0;
  for (; n >= 1000 && unit < 3; unit++) n /= 1000;
  return kilo.format(n) + " " + ["B", "kB", "MB", "GB"][unit];
};

// load brings the parts of the list, in the reader's language, and its sheet.
const load = () => (parts ??= (async () => {
  const answer = await fetch("/uploads");
  if (!answer.ok) throw new Error(answer.status);
  const root = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = root.dataset.sheet;
  document.head.append(sheet);
  return document.importNode(root, true);
})().catch((e) => { parts = null; throw e; }));

// take moves what a field holds into its list; what is remembered of this tab comes first.
export async function take(field) {
  const root = await load();
  const list = lists.get(field) || begin(field, root);
  await list.restored;
  for (const input of field.querySelectorAll("input[type=file]")) {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await add(list, file);
  }
}

function begin(field, root) {
  const list = { field, root, form: field.closest("form"), ul: field.querySelector(".files"), status: root.querySelector("[role=status]"), items: [] };
  list.key = "files:" + list.form.getAttribute("action");
  lists.set(field, list);
  list.ul.classList.add("is-ahead");
  list.ul.removeAttribute("aria-live");
  field.append(list.status);
  document.body.append(root);
  list.old = remembered(list);
  list.restored = restore(list);
  return list;
}

const tell = (list, text) => { list.status.textContent = text; };
const named = (text, item) => text.replace("@", item.name);

function remembered(list) {
  try {
    return JSON.parse(sessionStorage.getItem(list.key) || "[]");
  } catch {
    return [];
  }
}

function remember(list) {
  const kept = [...list.old, ...list.items.filter((i) => i.at)].map(({ at, name, size, stamp }) => ({ at, name, size, stamp }));
  try {
    kept.length ? sessionStorage.setItem(list.key, JSON.stringify(kept)) : sessionStorage.removeItem(list.key);
  } catch { /* a browser that keeps nothing forgets */ }
}

// row makes an item's row, with its buttons.
function row(list, item) {
  const li = list.root.querySelector("template").content.firstElementChild.cloneNode(true);
  item.list = list;
  item.li = li;
  li.querySelector("bdi").textContent = item.name;
  li.querySelector("progress").setAttribute("aria-label", item.name);
  for (const b of li.querySelectorAll("button")) b.setAttribute("aria-label", b.textContent + ": " + item.name);
  li.querySelector("[data-do=remove]").addEventListener("click", () => remove(item));
  li.querySelector("[data-do=hide]").addEventListener("click", () => hide(item));
  list.items.push(item);
  list.ul.append(li);
  show(item);
}

// show says how an item stands.
function show(item) {
  const d = item.list.root.dataset;
  const done = item.size ? share.format(item.sent / item.size) : share.format(1);
  item.li.querySelector(".size").textContent = sizeOf(item.size);
  const note = item.li.querySelector(".note");
  const says = {
    held: item.hidden ? d.hidden : d.held, queued: "", sending: d.part.replace("#", done), broke: d.broke, whole: d.whole, again: d.again.replace("#", done),
  };
  note.textContent = item.state === "failed" ? item.why : says[item.state];
  note.classList.toggle("is-bad", ["failed", "again"].includes(item.state));
  const bar = item.li.querySelector("progress");
  bar.hidden = !["sending", "broke"].includes(item.state);
  bar.value = item.size ? (100 * item.sent) / item.size : 100;
  item.li.querySelector("[data-do=hide]").hidden = item.state !== "held" || !item.picture;
  item.li.dataset.state = item.state;
  const total = item.list.items.reduce((sum, i) => sum + i.size, 0);
  const wrong = total > d.max ? d.tooLarge.replace("#", sizeOf(total)) : item.list.items.length > d.most ? d.tooMany : "";
  item.list.field.querySelector("input[type=file]").setCustomValidity(wrong);
}

async function add(list, file) {
  const stamp = file.name + "/" + file.size + "/" + file.lastModified;
  const half = list.items.find((i) => i.state === "again" && i.stamp === stamp);
  if (half) return void go(Object.assign(half, { blob: file, state: "queued" }));
  const item = { name: file.name || "picture.png", size: file.size, type: file.type, stamp, blob: file, sent: 0, state: "queued" };
  const picture = /^image\/(png|jpeg|webp)$/.test(file.type);
  if (picture) item.state = "held";
  row(list, item);
  tell(list, named(list.root.dataset.added, item));
  if (!picture) return go(item);
  await (item.ready = look(item, file));
}

// look shows a picture small, and makes a large photograph fit for a slow line: without what a camera notes of the place.
async function look(item, file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return;
  item.picture = bitmap;
  const canvas = item.li.querySelector("canvas");
  const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, (canvas.width - bitmap.width * scale) / 2, (canvas.height - bitmap.height * scale) / 2, bitmap.width * scale, bitmap.height * scale);
  canvas.hidden = false;
  show(item);
  const photo = file.type === "image/jpeg";
  if (!photo && file.size < 1500000) return;
  const made = await encode(bitmap, file.type, []);
  if (made && (photo || made.size < file.size)) {
    item.blob = made;
    item.size = made.size;
    show(item);
  }
}

// encode makes a file of a picture, at most 2,560 pixels long, with black boxes where something is hidden.
export async function encode(bitmap, type, boxes) {
  const scale = Math.min(1, 2560 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (const b of boxes) {
    const x = Math.floor(b.x * canvas.width), y = Math.floor(b.y * canvas.height);
    pen.fillRect(x, y, Math.ceil((b.x + b.w) * canvas.width) - x, Math.ceil((b.y + b.h) * canvas.height) - y);
  }
  return new Promise((done) => canvas.toBlob(done, type, 0.85));
}

async function hide(item) {
  await item.ready;
  if (!item.picture) return;
  const { paint } = await import(item.list.root.dataset.paint);
  const boxes = await paint(item.list.root, item.picture, item.boxes || []);
  item.li.querySelector("[data-do=hide]").focus();
  if (!boxes) return;
  item.boxes = boxes;
  item.blob = await encode(item.picture, item.type, boxes);
  item.size = item.blob.size;
  item.hidden = boxes.length > 0;
  const canvas = item.li.querySelector("canvas"), small = await createImageBitmap(item.blob);
  const scale = Math.max(canvas.width / small.width, canvas.height / small.height);
  canvas.getContext("2d").drawImage(small, (canvas.width - small.width * scale) / 2, (canvas.height - small.height * scale) / 2, small.width * scale, small.height * scale);
  show(item);
}

function remove(item) {
  const { list } = item, i = list.items.indexOf(item);
  list.items.splice(i, 1);
  item.gone = true;
  item.stop?.();
  if (item.at) fetch(item.at, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" }, keepalive: true }).catch(() => {});
  item.li.remove();
  remember(list);
  tell(list, named(list.root.dataset.removed, item));
  const next = list.items[Math.min(i, list.items.length - 1)];
  (next ? next.li.querySelector("[data-do=remove]") : list.field.querySelector("input[type=file]")).focus();
  next && show(next);
}

// restore shows what this tab uploaded before the page was loaded again.
async function restore(list) {
  for (let tries = 0; list.old.length;) {
    const answer = await call("HEAD", list.old[0].at).catch(() => null);
    if (!answer || answer.status >= 500) {
      if (++tries > retries.length) return;
      await mended(retries[tries - 1]);
      continue;
    }
    const old = list.old.shift();
    if (answer.status === 200) {
      const item = { ...old, sent: Number(answer.getResponseHeader("Upload-Offset")), state: "again" };
      if (item.sent === item.size) item.state = "whole";
      row(list, item);
      if (item.state === "whole") name(item);
    } // else it was sent meanwhile, or is too old
    remember(list);
  }
}

// name has the form send the upload's secret.
function name(item) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "upload";
  field.value = item.at.split("/").pop();
  item.li.append(field);
}

// call asks the server; progress is told how many bytes left. An answer of any kind is no error, a broken line is.
function call(method, at, headers, body, item) {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open(method, at);
    x.timeout = 90000;
    for (const [k, v] of Object.entries({ "Tus-Resumable": "1.0.0", ...headers })) x.setRequestHeader(k, v);
    x.onload = () => done(x);
    x.onerror = x.ontimeout = x.onabort = fail;
    if (item) {
      item.stop = () => x.abort();
      x.upload.onprogress = (e) => { item.sent = item.offset + e.loaded; show(item); };
    }
    x.send(body);
  });
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// go puts an item into the one queue: a narrow line is not shared.
function go(item) {
  item.state = item.state === "held" ? "queued" : item.state;
  show(item);
  busy = (busy || Promise.resolve()).then(() => item.gone || send(item));
  return busy;
}

async function send(item) {
  let size = step.least;
  for (let tries = 0; !item.gone && item.state !== "whole";) {
    try {
      const before = Date.now();
      const answer = await forward(item, size);
      if (answer) {
        item.state = "failed";
        item.why = answer;
        tell(item.list, named(item.list.root.dataset.failed, item));
        return show(item);
      }
      tries = 0;
      const took = Date.now() - before;
      size = took < step.quick ? Math.min(step.most, size * 2) : took > step.slow ? Math.max(step.least / 4, size / 2) : size;
    } catch {
      if (item.gone) return;
      item.state = "broke";
      item.ask = true;
      show(item);
      await mended(retries[Math.min(tries++, retries.length - 1)]);
    }
  }
}

// mended waits until a broken line may be whole again.
const mended = (seconds) => new Promise((done) => {
  const timer = setTimeout(done, seconds * 1000);
  addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});

// forward does the next step of an upload; it gives words when the server will not have it.
async function forward(item, size) {
  let answer;
  item.offset = item.sent;
  if (!item.at) {
    const about = "filename " + base64(item.name) + (item.type ? ",filetype " + base64(item.type) : "");
    answer = await call("POST", "/uploads", { "Upload-Length": item.blob.size, "Upload-Metadata": about });
    if (answer.status === 201) {
      item.at = answer.getResponseHeader("Location");
      remember(item.list);
      if (item.gone) call("DELETE", item.at).catch(() => {});
    }
  } else if (item.ask) {
    answer = await call("HEAD", item.at);
    item.ask = false;
  } else {
    const end = Math.min(item.blob.size, item.offset + size);
    answer = await call("PATCH", item.at, { "Upload-Offset": item.offset, "Content-Type": "application/offset+octet-stream" }, item.blob.slice(item.offset, end), item);
  }
  if (answer.status === 404 || answer.status === 410) {
    item.at = "";
    item.sent = 0;
    return "";
  }
  if (answer.status === 409) item.ask = true;
  else if (answer.status >= 500) throw answer;
  else if (answer.status >= 400) return answer.responseText || String(answer.status);
  else item.sent = Number(answer.getResponseHeader("Upload-Offset"));
  item.state = item.at && item.sent === item.blob.size && !item.ask ? "whole" : "sending";
  if (item.state === "whole" && !item.gone) {
    name(item);
    tell(item.list, named(item.list.root.dataset.arrived, item));
  }
  show(item);
  return "";
}

addEventListener("offline", () => { for (const list of lists.values()) for (const i of list.items) i.stop?.(); });

// A form waits for its files, and is then sent as it was asked to be.
document.addEventListener("submit", async (e) => {
  const list = [...lists.values()].find((l) => l.form === e.target);
  const waits = list?.items.filter((i) => !["whole", "failed", "again"].includes(i.state)) || [];
  if (e.defaultPrevented || !waits.length) return;
  e.preventDefault();
  for (const el of list.form.querySelectorAll("[data-keep]")) el.dispatchEvent(new Event("input", { bubbles: true }));
  tell(list, list.root.dataset.wait);
  await Promise.all(waits.map(async (item) => { await item.ready; if (item.state === "held") go(item); }));
  await busy;
  delete list.form.dataset.sent;
  if (waits.every((i) => i.state === "whole" || i.gone)) return list.form.requestSubmit(e.submitter);
  list.form.querySelectorAll("[type=submit]").forEach((b) => b.removeAttribute("aria-disabled"));
}, true);
