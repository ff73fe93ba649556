// "Keep theirs" needs no new page: the question goes, and the focus to where it was asked.
document.addEventListener("click", (e) => {
  const link = e.target.closest?.(".conflict [data-dismiss]");
  if (!link) return;
  e.preventDefault();
  link.closest(".conflict").remove();
  document.getElementById("timeline")?.focus();
});
