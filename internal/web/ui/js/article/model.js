// What an article can hold in the editor: the same kinds of blocks, and the same marks in the same order, as internal/markdown has on the
// server. What has no kind here stands as a piece of Markdown (raw_block, raw_inline), which is shown and kept as it is written.
export const PM = ProseMirror;
export const fileAddress = (src) => {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(src)) return "";
  if (src.startsWith("/")) return src.startsWith("/help/files/") ? src : "";
  const article = document.getElementById("writing").dataset.article;
  return article > 0 ? "/help/files/" + article + "/" + encodeURIComponent(decodeURIComponent(src.replace(/%(?![0-9a-f]{2})/gi, "%25"))) : "";
};
// nameOf is how the text calls a file of this article that is shown at an address, "" for any other.
const nameOf = (address) => {
  const m = /^\/help\/files\/(\d+)\/([^/?#]+)$/.exec(address);
  if (!m) return "";
  return m[1] === document.getElementById("writing").dataset.article ? decodeURIComponent(m[2]) : address;
};
const safeHref = (href) => /^(https?:|mailto:|tel:|\/(?!\/)|#)/i.test(href) || !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href);
const styleOf = (el) => el.dataset?.style || "";
const align = { align: { default: "", getFromDOM: (el) => ({ left: "left", center: "center", right: "right" })[el.dataset.align || el.getAttribute("align")] || "", setDOMAttr: (value, attrs) => value && (attrs["data-align"] = value) } };
const listAttrs = { loose: { default: false }, marker: { default: "" } };

// The highest heading of a text stands right below the title, as its readers see it.
export const highest = { level: 2 };

export const articleSchema = new PM.Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      group: "block", content: "inline*", attrs: { level: { default: 2 } }, defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: "h" + level, getAttrs: (el) => ({ level: Number(el.dataset.level) || level }) })),
      toDOM: (n) => ["h" + Math.max(2, Math.min(6, n.attrs.level + 2 - highest.level)), { "data-level": n.attrs.level }, 0],
    },
    blockquote: { group: "block", content: "block+", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    bullet_list: { group: "block", content: "list_item+", attrs: listAttrs, parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      group: "block", content: "list_item+", attrs: { ...listAttrs, order: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: (el) => ({ order: el.hasAttribute("start") ? Number(el.getAttribute("start")) || 1 : 1 }) }],
      toDOM: (n) => ["ol", { start: n.attrs.order }, 0],
    },
    list_item: {
      content: "paragraph block*", attrs: { checked: { default: "" } }, defining: true,
      parseDOM: [{ tag: "li", getAttrs: (el) => ({ checked: el.dataset.checked || "" }) }],
      toDOM: (n) => ["li", n.attrs.checked ? { "data-checked": n.attrs.checked } : {}, 0],
    },
    code_block: { group: "block", content: "text*", marks: "", code: true, defining: true, attrs: { params: { default: "" } }, parseDOM: [{ tag: "pre", preserveWhitespace: "full" }], toDOM: () => ["pre", ["code", 0]] },
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    ...PM.tableNodes({ tableGroup: "block", cellContent: "paragraph+", cellAttributes: align }),
    raw_block: {
      group: "block", atom: true, isolating: true, attrs: { source: { default: "" }, html: { default: "" } },
      parseDOM: [{ tag: "div[data-markdown]", getAttrs: (el) => ({ source: el.dataset.markdown }) }], toDOM: (n) => ["div", { "data-markdown": n.attrs.source }],
    },
    text: { group: "inline" },
    image: {
      group: "inline", inline: true, draggable: true, attrs: { src: {}, alt: { default: "" }, title: { default: "" } },
      parseDOM: [{ tag: "img[src]", getAttrs: (el) => (nameOf(el.getAttribute("src")) ? { src: nameOf(el.getAttribute("src")), alt: el.alt, title: el.title } : false) }],
      toDOM: (n) => {
        const src = fileAddress(n.attrs.src);
        return src ? ["img", { src, alt: n.attrs.alt, title: n.attrs.title || n.attrs.alt }] : ["span", { class: "no-picture" }, n.attrs.alt || n.attrs.src];
      },
    },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    raw_inline: {
      group: "inline", inline: true, atom: true, attrs: { source: { default: "" } },
      parseDOM: [{ tag: "code[data-markdown]", priority: 60, getAttrs: (el) => ({ source: el.dataset.markdown }) }], toDOM: (n) => ["code", { class: "raw", "data-markdown": n.attrs.source }, n.attrs.source],
    },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: "" } }, inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (el) => (safeHref(el.getAttribute("href")) ? { href: el.getAttribute("href"), title: el.title } : false) }],
      toDOM: (m) => ["a", { href: m.attrs.href, title: m.attrs.title || null }, 0],
    },
    em: { parseDOM: [{ tag: "em" }, { tag: "i", getAttrs: (el) => !/font-style\s*:\s*normal/i.test(styleOf(el)) && null }, { tag: "span", getAttrs: (el) => /font-style\s*:\s*italic/i.test(styleOf(el)) && null, consuming: false }], toDOM: () => ["em", 0] },
    strong: {
      // Office programs say bold with styles, and un-say it ("<b style=font-weight:normal>").
      parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: (el) => !/(?<!-)font-weight\s*:\s*(normal|400)/i.test(styleOf(el)) && null }, { tag: "span", getAttrs: (el) => /(?<!-)font-weight\s*:\s*(bold|[6-9]00)/i.test(styleOf(el)) && null, consuming: false }],
      toDOM: () => ["strong", 0],
    },
    strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }], toDOM: () => ["s", 0] },
    code: { excludes: "em strong strike", parseDOM: [{ tag: "code" }, { tag: "kbd" }, { tag: "samp" }, { tag: "tt" }], toDOM: () => ["code", 0] },
    soft: { inclusive: false, parseDOM: [{ tag: "span[data-soft]" }], toDOM: () => ["span", { "data-soft": "" }, 0] }, // an end of line in the source
  },
});
