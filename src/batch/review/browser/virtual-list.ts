/** Rows of one height, of which only those that are seen are in the page. */
export interface VirtualList {
  /** Draws anew, as after a change of the data. */
  readonly draw: (rows: number) => void;
  readonly showRow: (index: number) => void;
  readonly toTop: () => void;
}

/** Browsers don't lay out more than about this many pixels. */
const tallest = 15_000_000;
const overscan = 8;

/**
 * @param box The element that scrolls.
 * @param height Of a row, in pixels.
 * @param rowOf Makes the row; its class places it absolutely.
 */
export function virtualList(
  box: HTMLElement,
  height: number,
  rowOf: (index: number) => HTMLElement,
): VirtualList {
  const space = document.createElement("div");
  space.className = "space";
  space.setAttribute("role", "presentation");
  box.append(space);
  let amount = 0;
  let drawn = new Map<number, HTMLElement>();

  const show = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / height) - overscan);
    const last = Math.min(
      amount,
      Math.ceil((box.scrollTop + box.clientHeight) / height) + overscan,
    );
    const next = new Map<number, HTMLElement>();
    for (let index = first; index < last; index += 1) {
      let row = drawn.get(index);
      if (row === undefined) {
        row = rowOf(index);
        row.style.top = `${String(index * height)}px`;
        space.append(row);
      }
      next.set(index, row);
    }
    for (const [index, row] of drawn) if (!next.has(index)) row.remove();
    drawn = next;
  };

  box.addEventListener("scroll", show, { passive: true });
  new ResizeObserver(show).observe(box);
  return {
    draw(rows) {
      amount = Math.min(rows, Math.floor(tallest / height));
      space.style.height = `${String(amount * height)}px`;
      space.replaceChildren();
      drawn = new Map();
      show();
    },
    showRow(index) {
      const top = index * height;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + height > box.scrollTop + box.clientHeight) {
        box.scrollTop = top + height - box.clientHeight;
      }
      show();
    },
    toTop() {
      box.scrollTo(0, 0);
      show();
    },
  };
}
