/* Lists of any length; only the visible lines are rendered. */
const TALLEST = 8e6, BLOCK = 200, EDGE = 60, SCROLLBAR = 20, AGAIN = 2000;
let ids = 0;

/* A line is 1.75rem tall, as in view.css, whatever the reader's font size. */
const lineHeight = () => 1.75 * parseFloat(getComputedStyle(document.documentElement).fontSize);

class Virtual {
  /* draw(index): returns the element of a line. heads: number of lines that stay at the top. */
  constructor(host, draw, heads = 0) {
    Object.assign(this, {host, draw, heads, count: 0, offset: 0, line: lineHeight()});
    this.expected = null;  // where we have scrolled to ourselves
    this.window = make("div", {class: "window", role: "presentation"});
    this.spacer = make("div", {class: "spacer", role: "presentation"}, this.window);
    host.append(this.spacer);
    host.addEventListener("scroll", () => this.scrolled());
    host.addEventListener("wheel", (e) => this.wheeled(e), {passive: false});
    new ResizeObserver(() => this.measure()).observe(host);
  }
  get head() { return this.heads * this.line; }
  get room() { return Math.max(this.line, this.host.clientHeight - this.head); }
  get height() { return this.count * this.line; }
  get most() { return Math.max(0, this.height - this.room); }
  get scaled() { return this.height > TALLEST; }
  get range() { return Math.min(this.height, TALLEST) - this.room; }
  measure() {
    const line = lineHeight();
    if (line !== this.line) {
      this.offset *= line / this.line;
      this.line = line;
      this.resize(this.count);
    } else {
      this.redraw();
    }
  }
  resize(count) {
    this.count = count;
    this.spacer.style.height = `${Math.min(this.height, TALLEST) + this.head}px`;
    // no taller than its lines
    this.host.style.maxHeight = `${Math.max(this.height, 6 * this.line) + this.head + SCROLLBAR}px`;
    this.offset = Math.min(this.offset, this.most);
    this.redraw();
  }
  scrolled() {
    const top = this.host.scrollTop, ours = Math.round(top) === this.expected;
    this.expected = null;
    if (this.scaled && ours) return;
    this.offset = this.scaled ? Math.min(this.most, top / this.range * this.most) : top;
    this.redraw();
  }
  wheeled(event) {
    if (!this.scaled || event.ctrlKey || !event.deltaY) return;
    const before = this.offset;
    this.to(before + event.deltaY * (event.deltaMode === 1 ? this.line : 1));
    if (this.offset !== before) event.preventDefault();
  }
  to(offset) {
    const before = this.host.scrollTop;
    this.offset = Math.max(0, Math.min(this.most, offset));
    this.host.scrollTop = this.scaled ? this.offset / this.most * this.range : this.offset;
    if (this.host.scrollTop !== before) this.expected = Math.round(this.host.scrollTop);
    this.redraw();
  }
  show(index) {
    const {line} = this;
    if (index * line < this.offset)
      this.to(index * line);
    else if ((index + 1) * line > this.offset + this.room)
      this.to((index + 1) * line - this.room);
    else
      this.redraw();
  }
  get page() { return Math.max(1, Math.floor(this.room / this.line) - 1); }
  redraw() {
    const {line} = this, first = Math.floor(this.offset / line);
    const fill = () => {
      const lines = [];
      for (let i = first; i < this.count && i * line < this.offset + this.room + line; i++)
        lines.push(this.draw(i));
      const inner = make("div", {role: "presentation"}, ...lines);
      inner.style.transform = `translateY(${first * line - this.offset}px)`;
      this.window.replaceChildren(inner);
    };
    this.window.style.top = `${this.head}px`;
    keepingFocus(fill, this.host);
  }
}

/* A cache of blocks of a list that a source provides; list: the Virtual that shows them. */
class Blocks {
  constructor(ask, list) {
    this.ask = ask;
    this.list = list;
    this.blocks = new Map();
  }
  block(number) {
    let block = this.blocks.get(number);
    if (block) return block;
    if (this.blocks.size > 50) this.blocks.delete(this.blocks.keys().next().value);
    block = this.ask(number * BLOCK, BLOCK);
    this.blocks.set(number, block);
    if (block instanceof Promise)
      block.then(
        (got) => {
          this.blocks.set(number, got);
          this.list.redraw();
        },
        () => {  // retried as long as the list is shown
          this.blocks.delete(number);
          setTimeout(() => this.list.host.isConnected && this.list.redraw(), AGAIN);
        });
    return block;
  }
  /* Null while loading. Also loads the neighbouring block when near its edge. */
  get(index) {
    const number = Math.floor(index / BLOCK), at = index % BLOCK, block = this.block(number);
    if (block instanceof Promise) return null;
    if (at > BLOCK - EDGE && block.length === BLOCK) this.block(number + 1);
    if (at < EDGE && number > 0) this.block(number - 1);
    return block[at];
  }
  async load(index) { return (await this.block(Math.floor(index / BLOCK)))[index % BLOCK]; }
}
