// What somebody reads stays where it is when something comes or goes above it.
const readable = "article[id], .event, .ticket-row, .view, section[id]";

// keepPlaces notes the topmost thing seen in each place that scrolls, and gives a function that puts it back there.
export function keepPlaces() {
  const boxes = [document.scrollingElement, ...document.querySelectorAll("#timeline, #list, #side, #views")];
  const kept = boxes.filter((box) => box.scrollTop > 0).map((box) => {
    const top = box === document.scrollingElement ? 0 : box.getBoundingClientRect().top;
    const anchor = [...box.querySelectorAll(readable)].find((el) => el.getBoundingClientRect().bottom > top + 1);
    return { box, anchor, at: anchor?.getBoundingClientRect().top };
  });
  return () => {
    for (const { box, anchor, at } of kept) {
      const moved = anchor?.isConnected ? anchor.getBoundingClientRect().top - at : 0;
      if (Math.abs(moved) >= 1) box.scrollTop += moved;
    }
  };
}
