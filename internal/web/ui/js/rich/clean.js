// What may be pasted: the few elements that the server keeps too. It is read in a document of its own, where nothing loads or
// runs, and rebuilt element by element, so that no attribute comes through but those named here.
const kept = { B: "B", STRONG: "B", I: "I", EM: "I", CODE: "CODE", PRE: "PRE", A: "A", UL: "UL", OL: "OL", LI: "LI", BLOCKQUOTE: "BLOCKQUOTE", BR: "BR", HR: "HR", IMG: "IMG", TABLE: "TABLE", TBODY: "TBODY", TR: "TR", TD: "TD", TH: "TH", S: "S", DEL: "S", U: "U" };
const asBlock = new Set(["P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "ADDRESS", "FIGURE", "FIGCAPTION", "DL", "DT", "DD", "CENTER"]);
const headings = /^H[1-6]$/;
const silent = new Set(["SCRIPT", "STYLE", "TITLE", "META", "LINK", "NOSCRIPT", "TEMPLATE", "SVG", "MATH", "IFRAME", "OBJECT", "SELECT", "BUTTON", "TEXTAREA", "HEAD", "XML"]);
const safeLink = /^(https?|mailto|tel):/i;
const ownPicture = /^\/tickets\/\d+\/draft\/files\/\d+$/;

function cleanInto(target, source, depth) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      target.append(node.data);
      continue;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || silent.has(node.nodeName.toUpperCase()) || depth > 60) continue;
    const made = cleaned(node);
    if (made) target.append(made);
    if (made?.nodeName === "BR" || made?.nodeName === "HR" || made?.nodeName === "IMG") continue;
    cleanInto(made ? made.querySelector("b") || made : target, node, depth + 1);
  }
}

// cleaned gives the empty element that stands for one of the source, or null when only its content stays.
function cleaned(node) {
  const name = node.nodeName.toUpperCase();
  if (name === "INPUT" && node.id.startsWith("squire-selection")) return Object.assign(document.createElement("input"), { type: "hidden", id: node.id });
  if (headings.test(name)) {
    const line = document.createElement("div");
    line.append(document.createElement("b"));
    return line;
  }
  if (asBlock.has(name)) return document.createElement("div");
  // Browsers and office programs say bold and italic with styles, and un-say them ("<b style=font-weight:normal>").
  const style = node.dataset?.style || "";
  const weight = /font-weight\s*:\s*(\w+)/i.exec(style)?.[1];
  if (name === "SPAN" || name === "FONT") {
    if (weight === "bold" || Number(weight) >= 600) return document.createElement("b");
    return /font-style\s*:\s*italic/i.test(style) ? document.createElement("i") : null;
  }
  if ((name === "B" || name === "STRONG") && (weight === "normal" || Number(weight) === 400)) return null;
  if (!kept[name]) return null;
  if (name === "IMG" && !ownPicture.test(node.getAttribute("src"))) return node.alt ? document.createTextNode(node.alt) : null;
  if (name === "A" && !safeLink.test(node.getAttribute("href") || "")) return null;
  const made = document.createElement(kept[name]);
  if (name === "A") made.setAttribute("href", node.getAttribute("href"));
  if (name === "IMG") {
    made.setAttribute("src", node.getAttribute("src"));
    made.setAttribute("alt", node.alt);
  }
  return made;
}

export function cleanFragment(html) {
  // Styles and handlers are given other names before anything reads them: the page's policy would complain of each.
  const quiet = html.replace(/<!--[\s\S]*?-->/g, "").replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'/])style\s*=/gi, "$1data-style=").replace(/([\s"'/])on(\w+)\s*=/gi, "$1data-on$2="));
  const source = new DOMParser().parseFromString(quiet, "text/html");
  const out = document.createDocumentFragment();
  cleanInto(out, source.body, 0);
  return out;
}
