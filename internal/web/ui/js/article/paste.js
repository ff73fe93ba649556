// What is pasted from elsewhere comes through the kinds of model.js and nothing else. Before anything reads it, styles and handlers get other
// names (the page's policy would complain of each), and lists that an office program drew as paragraphs become lists.
const hush = "\u2060"; // a letter of no width that nobody types
function quietHTML(html) {
  return html.replace(/<!--[\s\S]*?-->/g, "").replace(/<(style|script|head|title|xml|o:p)\b[\s\S]*?<\/\1>/gi, "").replace(/<(base|meta|link|iframe|object|embed|style|script)\b/gi, "<x-$1")
    .replace(/on(?=\w)|style/gi, (name, at, all) => (/[\s"'/]/.test(all[at - 1] || " ") ? name.slice(0, -1) + hush + name.slice(-1) : name))
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'/])(srcset|background|poster)\s*=/gi, "$1data-$2="));
}

// heard takes the marks of quietHTML out again: of the text for good, of the styles to where model.js looks for them.
function heard(page) {
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (walk.currentNode.data.includes(hush)) walk.currentNode.data = walk.currentNode.data.replaceAll(hush, "");
  for (const el of page.body.querySelectorAll("*")) {
    for (const name of ["href", "src", "alt", "title"]) if (el.getAttribute(name)?.includes(hush)) el.setAttribute(name, el.getAttribute(name).replaceAll(hush, ""));
    const style = el.getAttribute("styl" + hush + "e");
    if (style) el.dataset.style = style;
  }
}

export function readPasted(html) {
  const page = new DOMParser().parseFromString(quietHTML(html), "text/html");
  for (const el of page.querySelectorAll("script, style, iframe, object, embed, form, input, button, select, textarea, svg, math, link, meta, base, template, noscript, video, audio, xmp, noembed, noframes, plaintext, listing, frameset, math *, svg *")) el.remove();
  if (!page.body) return "";
  heard(page);
  for (const el of page.querySelectorAll("div, section, article, header, footer, main, address, center, figure, figcaption, dl, dt, dd, details, summary")) {
    if (el.querySelector("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, pre, blockquote")) el.replaceWith(...el.childNodes);
    else {
      const p = page.createElement("p");
      p.append(...el.childNodes);
      el.replaceWith(p);
    }
  }
  let list = null;
  for (const p of [...page.querySelectorAll("p")]) {
    const style = p.dataset.style || "";
    const level = Number(/mso-list\s*:[^;]*level(\d)/i.exec(style)?.[1] || 0);
    if (!level) { list = null; continue; }
    const mark = p.textContent.trim();
    const ordered = /^(\d+|[a-z])[.)]/i.test(mark);
    p.querySelectorAll("span").forEach((s) => /mso-list\s*:\s*Ignore/i.test(s.dataset.style || "") && s.remove());
    if (!p.querySelector("span[data-gone]")) p.innerHTML = p.innerHTML.replace(/^\s*(?:[·•o§▪-]|\d+[.)])(?:\s|&nbsp;)+/i, "");
    const item = page.createElement("li");
    const words = page.createElement("p");
    words.append(...p.childNodes);
    item.append(words);
    if (!list || list.parent !== p.parentNode) {
      const made = page.createElement(ordered ? "ol" : "ul");
      p.before(made);
      list = { parent: p.parentNode, levels: [made] };
    }
    while (list.levels.length > level) list.levels.pop();
    while (list.levels.length < level) {
      const inner = page.createElement(ordered ? "ol" : "ul");
      (list.levels.at(-1).lastElementChild || list.levels.at(-1).appendChild(page.createElement("li"))).append(inner);
      list.levels.push(inner);
    }
    list.levels.at(-1).append(item);
    p.remove();
  }
  for (const li of page.querySelectorAll("li")) if (!li.querySelector(":scope > p")) {
    const p = page.createElement("p");
    while (li.firstChild && !/^(UL|OL|TABLE|PRE|BLOCKQUOTE)$/.test(li.firstChild.nodeName)) p.append(li.firstChild);
    li.prepend(p);
  }
  return page.body.innerHTML;
}
