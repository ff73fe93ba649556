// Keeps relative times true while the page stays open. The words follow internal/i18n: short ones come from the page,
// long ones from the browser.
const ages = (document.body.dataset.ages || "").split("|");
const longAges = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
const ageUnits = [["year", 31536e3], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

// measured gives the place of a unit from the largest and the number, rounded down; days lead up to two weeks.
function measured(seconds) {
  const place = ageUnits.findIndex(([unit, size]) => seconds >= size * (unit === "week" ? 2 : 1));
  return place < 0 ? null : [place, Math.floor(seconds / ageUnits[place][1])];
}

function refreshTimes() {
  for (const el of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.now() - Date.parse(el.dateTime)) / 1000;
    const left = el.dataset.ago === "left";
    if (!(seconds >= 0 || left) || ages.length < 9) continue;
    const m = measured(left ? Math.max(60, Math.abs(seconds)) : seconds);
    const long = el.dataset.ago === "long";
    let text = !m ? ages[long ? 6 : 0] : long ? longAges.format(-m[1], ageUnits[m[0]][0]) : ages[5 - m[0]].replace("#", m[1]);
    if (left) text = ages[seconds < 0 ? 7 : 8].replace("#", text);
    if (el.textContent !== text) el.textContent = text;
  }
}
setInterval(refreshTimes, 20000);
document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
