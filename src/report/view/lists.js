/* Lists of any length, of which only what is seen is drawn. */
const ROW = 28, TALLEST = 8e6, BLOCK = 200, EDGE = 60, SCROLLBAR = 20;
let ids = 0;

class Virtual {
  constructor(host, draw, head = 0) {
    this.host = host;
    this.draw = draw;
    this.head = head;  // height of what stays at the top
    this.count = this.offset = 0;
    this.window = make("div", {class: "window", role: "presentation"});
    this.spacer = make("div", {class: "spacer", role: "presentation"}, this.window);
    host.append(this.spacer);
    host.addEventListener("scroll", () => this.scrolled());
    host.addEventListener("wheel", (e) => this.wheeled(e), {passive: false});
    new ResizeObserver(() => this.redraw()).observe(host);
  }
  get room() { return Math.max(ROW, this.host.clientHeight - this.head); }
  get height() { return this.count * ROW; }
  get most() { return Math.max(0, this.height - this.room); }
  get scaled() { return this.height > TALLEST; }
  resize(count) {
    this.count = count;
    this.spacer.style.height = `${Math.min(this.height, TALLEST) + this.head}px`;
    this.host.style.maxHeight =
      `${Math.max(this.height, 6 * ROW) + this.head + SCROLLBAR}px`;  // no taller than its lines
    this.offset = Math.min(this.offset, this.most);
    this.redraw();
  }
  scrolled() {
    const top = this.host.scrollTop, range = Math.min(this.height, TALLEST) - this.room;
    if (this.scaled && Math.round(top) === this.expected) return;  // our own doing
    this.offset = this.scaled ? Math.min(this.most, top / range * this.most) : top;
    this.redraw();
  }
  wheeled(event) {
    if (!this.scaled || event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    this.to(this.offset + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
  }
  to(offset) {
    this.offset = Math.max(0, Math.min(this.most, offset));
    const range = Math.min(this.height, TALLEST) - this.room;
    this.host.scrollTop = this.scaled ? this.offset / this.most * range : this.offset;
    this.expected = Math.round(this.host.scrollTop);
    this.redraw();
  }
  show(index) {
    if (index * ROW < this.offset)
      this.to(index * ROW);
    else if ((index + 1) * ROW > this.offset + this.room)
      this.to((index + 1) * ROW - this.room);
    else
      this.redraw();
  }
  get page() { return Math.max(1, Math.floor(this.room / ROW) - 1); }
  redraw() {
    const first = Math.floor(this.offset / ROW), lines = [];
    for (let i = first; i < this.count && i * ROW < this.offset + this.room + ROW; i++)
      lines.push(this.draw(i));
    this.window.style.top = `${this.head}px`;
    const inner = make("div", {role: "presentation"}, ...lines);
    inner.style.transform = `translateY(${first * ROW - this.offset}px)`;
    this.window.replaceChildren(inner);
  }
}

/* Pieces of a list that a source hands over, kept. */
class Blocks {
  constructor(ask, arrived) {
    this.ask = ask;
    this.arrived = arrived;
    this.blocks = new Map();
  }
  block(number) {
    let block = this.blocks.get(number);
    if (block) return block;
    if (this.blocks.size > 50) this.blocks.delete(this.blocks.keys().next().value);
    block = this.ask(number * BLOCK, BLOCK);
    this.blocks.set(number, block);
    if (block instanceof Promise)
      block.then((got) => {
        this.blocks.set(number, got);
        this.arrived();
      }, () => this.blocks.delete(number));
    return block;
  }
  /* Null: it is under way. What is near is asked for too, so that it is there when it is seen. */
  get(index) {
    const number = Math.floor(index / BLOCK), at = index % BLOCK, block = this.block(number);
    if (block instanceof Promise) return null;
    if (at > BLOCK - EDGE && block.length === BLOCK) this.block(number + 1);
    if (at < EDGE && number > 0) this.block(number - 1);
    return block[at];
  }
  /* The same, or a promise of it. */
  load(index) {
    return later(this.block(Math.floor(index / BLOCK)), (block) => block[index % BLOCK]);
  }
}
