// Keeps the list where it was when a ticket of it is opened.
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
