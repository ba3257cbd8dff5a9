/* An overview of the whole organisation. */
class Icicle {
  /* chosen(node): callback for a click on a node. closed: an AbortSignal for when the view is
   * closed. */
  constructor(source, chosen, closed) {
    Object.assign(this, {source, chosen, levels: []});
    this.canvas = make("canvas", {
      class: "icicle",
      role: "img",
      "aria-label": T(
        "the whole organisation, a bar for each item, coloured by the worst finding below; the tree beside it shows the same"),
      onclick: (e) => this.clicked(e),
      onmousemove: (e) => this.pointed(e)
    });
    this.about = make(
      "p", {class: "note pointed"},
      T("Point at a bar to see what it represents; click to go there."));
    this.host = make("div", null, this.canvas, this.about);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw(), {
      signal: closed
    });
  }
  /* Height of a level in pixels. */
  get tall() { return this.canvas.clientHeight / Math.max(this.levels.length, 4); }
  piece(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left,
          y = event.clientY - box.top;
    return this.levels[Math.floor(y / this.tall)]?.find((piece) => x >= piece[0] && x <= piece[1]);
  }
  clicked(event) {
    const piece = this.piece(event);
    if (piece) this.chosen(piece[3]);
  }
  /* Fetches the node under the pointer after a short delay. */
  pointed(event) {
    const node = this.piece(event)?.[3];
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
  async draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    this.levels = await this.source.overview(width, 40);
    const scale = devicePixelRatio || 1, height = this.canvas.clientHeight,
          style = getComputedStyle(this.canvas), {tall} = this;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const g = this.canvas.getContext("2d");
    g.scale(scale, scale);
    const fills = [
      style.getPropertyValue("--icicle"), style.getPropertyValue("--info-ground"),
      this.pattern(g, style, "warning"), this.pattern(g, style, "error")
    ];
    g.font = `12px ${style.fontFamily}`;
    g.textBaseline = "middle";
    this.levels.forEach((pieces, level) => pieces.forEach(([from, to, worst, , label]) => {
      const width = Math.max(to - from - (to - from > 3 ? 1 : 0), 0.5), top = level * tall;
      g.fillStyle = fills[worst];
      g.fillRect(from, top, width, tall - 1);
      if (label && tall > 14)
        this.write(g, style, shown(label), from + 4, top + tall / 2, width - 8);
    }));
  }
  /* A label with its own background, so that it is legible on any pattern. */
  write(g, style, text, x, y, room) {
    const width = g.measureText(text).width;
    if (width + 6 > room) return;
    g.fillStyle = style.getPropertyValue("--ground");
    g.fillRect(x, y - 8, width + 6, 16);
    g.fillStyle = style.getPropertyValue("--ink");
    g.fillText(text, x + 3, y);
  }
  /* Colour and pattern: errors are hatched, warnings dotted. */
  pattern(g, style, kind) {
    const tile = make("canvas", {width: 6, height: 6}), t = tile.getContext("2d");
    t.fillStyle = style.getPropertyValue(`--${kind}-ground`);
    t.fillRect(0, 0, 6, 6);
    t.fillStyle = t.strokeStyle = style.getPropertyValue(`--${kind}`);
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
