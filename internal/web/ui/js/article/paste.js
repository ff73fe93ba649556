// What is pasted from elsewhere comes through the kinds of model.js and nothing else. Before anything reads it, styles and handlers get other
// names (the page's policy would complain of each), and lists that an office program drew as paragraphs become lists.
function quietHTML(html) {
  return html.replace(/<!--[\s\S]*?-->/g, "").replace(/<(style|script|head|title|xml|o:p)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'/])style\s*=/gi, "$1data-style=").replace(/([\s"'/])on(\w+)\s*=/gi, "$1data-on$2=").replace(/([\s"'/])(srcset|background|poster)\s*=/gi, "$1data-$2="));
}

export function readPasted(html) {
  const page = new DOMParser().parseFromString(quietHTML(html), "text/html");
  for (const el of page.querySelectorAll("script, style, iframe, object, embed, form, input, button, select, textarea, svg, math, link, meta, base, template, noscript, video, audio")) el.remove();
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
