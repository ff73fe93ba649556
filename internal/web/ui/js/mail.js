// Mail stands in shadow roots. The browser makes them while it reads a page; what is put into a page later needs them
// made here. The rules come as a sheet of their own, for their <style> has the nonce of another answer.
function openMail() {
  for (const t of document.querySelectorAll(".mail > template[shadowrootmode]")) {
    const host = t.parentElement;
    const root = host.shadowRoot || host.attachShadow({ mode: "open" });
    const style = t.content.querySelector("style");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    style.remove();
    root.replaceChildren(document.importNode(t.content, true));
    root.adoptedStyleSheets = [sheet];
    t.remove();
  }
}
if (HTMLTemplateElement.prototype.hasOwnProperty("shadowRootMode")) document.addEventListener("goodturn:morphed", openMail);
