// Has the browser make ready the ticket that somebody is about to open: the one that the keyboard has come to, or that the
// pointer rests on. Where the browser can do that (speculation rules), opening it takes no time. A page made ready is
// hidden until it is opened: it opens no stream and marks nothing as read.
const aheadPause = 90;
let aheadTimer, aheadRule;

function makeReady(url) {
  if (aheadRule?.dataset.url === url || url === location.href) return;
  aheadRule?.remove();
  aheadRule = document.createElement("script");
  aheadRule.type = "speculationrules";
  aheadRule.dataset.url = url;
  aheadRule.textContent = JSON.stringify({ prerender: [{ urls: [url], eagerness: "immediate" }] });
  document.head.append(aheadRule);
}

if (HTMLScriptElement.supports?.("speculationrules") && !navigator.connection?.saveData) {
  for (const name of ["focusin", "pointerover"]) {
    document.addEventListener(name, (e) => {
      const row = e.target.closest?.("a.ticket-row, .ticket-row a.subject");
      clearTimeout(aheadTimer);
      if (row) aheadTimer = setTimeout(() => makeReady(row.href), aheadPause);
    });
  }
}
