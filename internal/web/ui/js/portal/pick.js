// Hands files that are chosen, pasted or dropped to the module that uploads them, which comes with the first. Where it does not come
// they stay in their field and go with the form.
const aheadField = () => document.querySelector("[data-ahead]");
const handOver = (field) => import(field.dataset.ahead).then((m) => m.take(field)).catch(() => {});

function bringFiles(e, files) {
  const field = aheadField();
  const input = field?.querySelector("input");
  if (!input || !files?.length) return;
  e.preventDefault();
  const sum = new DataTransfer();
  for (const file of [...input.files, ...files]) sum.items.add(file);
  input.files = sum.files;
  handOver(field);
}

document.addEventListener("change", (e) => {
  const field = e.target.type === "file" && e.target.closest("[data-ahead]");
  if (field) handOver(field);
});
document.addEventListener("paste", (e) => bringFiles(e, e.clipboardData?.files));
document.addEventListener("dragover", (e) => {
  if (!e.dataTransfer?.types.includes("Files") || !aheadField()) return;
  e.preventDefault();
  aheadField().classList.add("is-over");
});
for (const over of ["drop", "dragleave"]) {
  document.addEventListener(over, (e) => {
    if (over === "drop" || !e.relatedTarget) aheadField()?.classList.remove("is-over");
    if (over === "drop") bringFiles(e, e.dataTransfer?.files);
  });
}
try {
  const field = aheadField();
  if (field && sessionStorage.getItem("files:" + field.closest("form").getAttribute("action"))) handOver(field);
} catch { /* a browser that keeps nothing has nothing to bring back */ }
