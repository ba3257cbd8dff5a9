/* The whole organisation at once. */
class Icicle {
  constructor(source, chosen) {
    this.source = source;
    this.canvas = make("canvas", {
      class: "icicle",
      role: "img",
      "aria-label": T(
        "the whole organisation, a bar for each item, coloured by the worst finding below; the tree beside it tells the same")
    });
    this.canvas.addEventListener("click", (e) => {
      const piece = this.piece(e);
      if (piece && source.rowOf(piece[3])) chosen(source.rowOf(piece[3]));
    });
    this.canvas.addEventListener("mousemove", (e) => {
      const piece = this.piece(e);
      if (piece)
        later(source.node(piece[3]), (node) => {
          this.canvas.title = node.group || `${shown(node.id)} ${cut(shown(node.name), 80)}`;
        });
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }
  piece(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left,
          y = event.clientY - box.top;
    const level = (this.levels || [])[Math.floor(y / box.height * (this.levels || []).length)];
    return level && level.find((p) => x >= p[0] && x <= p[1]);
  }
  draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    later(this.source.overview(width, 40), (levels) => {
      const scale = devicePixelRatio || 1, height = this.canvas.clientHeight,
            style = getComputedStyle(this.canvas);
      this.canvas.width = width * scale;
      this.canvas.height = height * scale;
      this.levels = levels;
      const g = this.canvas.getContext("2d");
      g.scale(scale, scale);
      const fills = [
        style.getPropertyValue("--icicle"), style.getPropertyValue("--info-ground"),
        this.pattern(g, style, "warning"), this.pattern(g, style, "error")
      ];
      const tall = height / Math.max(levels.length, 4);
      levels.forEach((pieces, level) => {
        for (const [from, to, worst] of pieces) {
          g.fillStyle = fills[worst];
          g.fillRect(
            from, level * tall, Math.max(to - from - (to - from > 3 ? 1 : 0), 0.5), tall - 1);
        }
      });
    });
  }
  /* Colour and pattern: error is hatched, warning dotted. */
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
