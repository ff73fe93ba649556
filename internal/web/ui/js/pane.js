// Keeps the list where it was when a ticket of it is opened, and opens a conversation at what is new.
const listPane = document.getElementById("list");
const listKey = "scroll:" + (listPane?.dataset.place || "");

if (listPane) {
  try {
    listPane.scrollTop = Number(sessionStorage.getItem(listKey) || 0);
  } catch {}
  const here = listPane.querySelector(".ticket-row[aria-current]");
  if (here && (here.offsetTop < listPane.scrollTop || here.offsetTop > listPane.scrollTop + listPane.clientHeight - 60)) listPane.scrollTop = here.offsetTop - 150;
  addEventListener("pagehide", () => { try { sessionStorage.setItem(listKey, listPane.scrollTop); } catch {} });
}

const flow = document.getElementById("timeline");
if (flow && !location.hash) {
  const fresh = document.getElementById("new");
  if (fresh && getComputedStyle(flow).overflowY === "auto") flow.scrollTop = fresh.offsetTop - 80;
  else if (fresh) fresh.scrollIntoView({ block: "start" });
  else flow.scrollTop = flow.scrollHeight;
}
// What we sent ourselves, we want to see.
document.addEventListener("goodturn:sent", (e) => {
  if (e.detail.closest("#composer") && flow) flow.lastElementChild?.scrollIntoView({ block: "end" });
});
