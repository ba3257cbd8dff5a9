/* An overview of the whole organisation. */
const LEVELS = 12;       /* drawn; the tree has all of them */
const TALL = [4, 24, 7]; /* levels with labels, their height, that of the others; in pixels */
const COLORS = [
  "--focus", "--hover", "--surface", "--text", "--error", "--error-bg", "--warning", "--warning-bg"
];

class Icicle {
  /* chosen(node): callback for a click on a node. closed: an AbortSignal for when the view is
   * closed. */
  constructor(source, chosen, closed) {
    Object.assign(this, {source, chosen, levels: [], at: -1});
    this.canvas = make("canvas", {
      class: "icicle",
      role: "img",
      "aria-label": T(
        "the whole organisation, a bar for each item, hatched where it has a problem, pale where there is one below it; the tree beside it shows the same"),
      onclick: (e) => this.clicked(e),
      onmousemove: (e) => this.pointed(e)
    });
    this.about = make(
      "span", {class: "pointed"},
      T("The wider the bar, the more rows are below it; click to go there."));
    this.host = make("div", null, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw(), {
      signal: closed
    });
  }
  /* The top of a level in pixels, from 0: the first ones have room for labels. */
  top(level) { return Math.min(level, TALL[0]) * TALL[1] + Math.max(level - TALL[0], 0) * TALL[2]; }
  /* Shows which node is chosen elsewhere. */
  choose(node) {
    this.at = node;
    this.paint();
  }
  piece(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left,
          y = event.clientY - box.top;
    const level = this.levels.findIndex((_, i) => y < this.top(i + 1));
    return this.levels[level]?.find((piece) => x >= piece[0] && x <= piece[1]);
  }
  clicked(event) {
    const piece = this.piece(event);
    if (piece) this.chosen(piece[4]);
  }
  /* Fetches the node under the pointer after a short delay. */
  pointed(event) {
    const node = this.piece(event)?.[4];
    if (node === this.under) return;
    this.under = node;
    clearTimeout(this.waiting);
    if (node === undefined) return;
    this.waiting = setTimeout(async () => {
      const about = await this.source.node(node);
      if (this.under === node)
        this.about.replaceChildren(
          ...nameOf(about), about.below ? ` \u2013 ${T("%s below", number(about.below))}` : "");
    }, 80);
  }
  /* What a token is in the current scheme: a canvas does not know it. */
  colors() {
    const probe = make("span", {class: "unseen"}), style = getComputedStyle(probe);
    this.host.append(probe);
    const fontFamily = style.fontFamily, known = {};
    for (const name of COLORS) {
      probe.style.color = `var(${name})`;
      known[name] = style.color;
    }
    probe.remove();
    return {fontFamily, color: (name) => known[name]};
  }
  async draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    this.levels = await this.source.overview(width, 40);
    this.canvas.style.height = `${this.top(Math.max(1, Math.min(this.levels.length, LEVELS)))}px`;
    this.paint();
  }
  paint() {
    const width = this.canvas.clientWidth;
    const scale = devicePixelRatio || 1, height = this.canvas.clientHeight, style = this.colors();
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const g = this.canvas.getContext("2d");
    g.scale(scale, scale);
    const own = {2: this.pattern(g, style, "warning"), 3: this.pattern(g, style, "error")},
          below = {2: style.color("--warning-bg"), 3: style.color("--error-bg")};
    g.font = `12px ${style.fontFamily}`;
    g.textBaseline = "middle";
    this.levels.forEach(
      (pieces, level) => pieces.forEach(([from, to, itself, worst, node, label, size]) => {
        const wide = Math.max(to - from - (to - from > 3 ? 2 : 0), 0.5), top = this.top(level),
              tall = this.top(level + 1) - top;
        g.fillStyle = own[itself] ?? below[worst] ?? style.color("--hover");
        g.fillRect(from, top, wide, tall - 2);
        if (label && tall === TALL[1])
          this.write(
            g, style, shown(label), size ? ` · ${number(size)}` : "", from + 4, top + tall / 2 - 1,
            wide - 8);
        if (node !== this.at) return;
        g.strokeStyle = style.color("--focus");
        g.lineWidth = 2;
        g.strokeRect(from + 1, top + 1, Math.max(wide - 2, 1), Math.max(tall - 4, 1));
      }));
  }
  /* A label with its own background, so that it is legible on any pattern; shortened if need be. */
  write(g, style, label, size, x, y, room) {
    let text = label + size;
    const wide = (one) => g.measureText(one).width + 6;
    if (wide(text) > room) text = label;
    for (let most = [...label].length - 1; wide(text) > room && most > 2; most--)
      text = `${[...label].slice(0, most).join("")}…`;
    const width = wide(text);
    if (width > room) return;
    g.fillStyle = style.color("--surface");
    g.fillRect(x, y - 8, width, 16);
    g.fillStyle = style.color("--text");
    g.fillText(text, x + 3, y + 1);
  }
  /* Colour and pattern: errors are hatched, warnings dotted. */
  pattern(g, style, kind) {
    const tile = make("canvas", {width: 6, height: 6}), t = tile.getContext("2d");
    t.fillStyle = style.color(`--${kind}-bg`);
    t.fillRect(0, 0, 6, 6);
    t.fillStyle = t.strokeStyle = style.color(`--${kind}`);
    t.globalAlpha = 0.4;
    t.beginPath();
    if (kind === "error") {
      t.lineWidth = 1.6;
      for (const d of [-6, 0, 6]) {
        t.moveTo(d - 1, 7);
        t.lineTo(d + 7, -1);
      }
      t.stroke();
    } else {
      t.arc(3, 3, 1.4, 0, 7);
      t.fill();
    }
    return g.createPattern(tile, "repeat");
  }
}
