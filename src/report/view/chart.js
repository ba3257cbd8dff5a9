/* The organisation below an item as a chart to print and to keep: boxes from left to right, one
 * line for each box without others to its right. It is laid out once and drawn as SVG or on a
 * canvas. */
const CHART = {
  box: [210, 40],
  gap: [46, 10],
  most: 150, /* boxes; a canvas of all of them is one that every browser can make */
  font: "system-ui, sans-serif"
};

/* Boxes {x, y, node, more} and lines between them, those nearest to the first one if there are too
 * many; more: how many below it are left out. */
async function layOut(source, from) {
  const [wide, tall] = CHART.box, [right, down] = CHART.gap;
  const first = {node: await source.node(from), level: 0, kids: []}, boxes = [first];
  for (const box of boxes) {  // grows as it goes, level by level
    const room = CHART.most - boxes.length, {kids} = box.node;
    if (kids && room > 0)
      for (const node of await source.children(box.node.node, 0, Math.min(kids, room))) {
        const kid = {node, level: box.level + 1, kids: []};
        box.kids.push(kid);
        boxes.push(kid);
      }
    box.more = kids - box.kids.length;
  }
  let line = 0;
  const place = (box) => {
    for (const kid of box.kids) place(kid);
    const ys = box.kids.map((kid) => kid.y);
    box.y = ys.length ? (ys[0] + ys[ys.length - 1]) / 2 : line++ * (tall + down);
    box.x = box.level * (wide + right);
  };
  place(first);
  return {
    boxes,
    width: Math.max(...boxes.map((box) => box.x)) + wide,
    height: line * (tall + down) - down
  };
}

const chartLines = ({node, more}) =>
  [cut(shown(node.name || node.group || node.id || ""), 34),
   cut(
     [node.name || node.group ? shown(node.id ?? "") : "", more ? T("%s more", number(more)) : ""]
       .filter(Boolean)
       .join(" · "),
     40)];
/* From the middle of the right side of a box to that of the left side of another. */
const chartWay = (box, kid) => {
  const [wide, tall] = CHART.box, x = box.x + wide, turn = x + CHART.gap[0] / 2;
  return [
    [x, box.y + tall / 2], [turn, box.y + tall / 2], [turn, kid.y + tall / 2],
    [kid.x, kid.y + tall / 2]
  ];
};

function chartAsSvg({boxes, width, height}) {
  const [wide, tall] = CHART.box, pad = 12;
  const text = (x, y, content, more) => make("svg:text", {x, y, ...more}, content);
  return make(
    "svg:svg", {
      xmlns: "http://www.w3.org/2000/svg",
      width: width + 2 * pad,
      height: height + 2 * pad,
      viewBox: `${- pad} ${- pad} ${width + 2 * pad} ${height + 2 * pad}`,
      "font-family": CHART.font,
      "font-size": "12"
    },
    make("svg:rect", {x: -pad, y: -pad, width: "100%", height: "100%", fill: "#fff"}),
    ...boxes.flatMap(
      (box) => box.kids.map(
        (kid) => make(
          "svg:path", {d: `M${chartWay(box, kid).join("L")}`, fill: "none", stroke: "#8a94a6"}))),
    ...boxes.map((box) => {
      const [title, below] = chartLines(box), wrong = box.node.own === 3;
      return make(
        "svg:g", {transform: `translate(${box.x} ${box.y})`}, make("svg:rect", {
          width: wide,
          height: tall,
          rx: 6,
          fill: wrong ? "#fdeeee" : "#f6f7f9",
          stroke: wrong ? "#b3261e" : "#8a94a6"
        }),
        text(10, 17, title, {"font-weight": "600", fill: "#1a1e26"}),
        text(10, 32, below, {fill: "#566070"}));
    }));
}

function chartOnCanvas({boxes, width, height}) {
  const [wide, tall] = CHART.box, pad = 12, LARGEST = 16000;
  const scale = Math.min(2, LARGEST / (width + 2 * pad), LARGEST / (height + 2 * pad));
  const canvas = make(
    "canvas",
    {width: Math.ceil((width + 2 * pad) * scale), height: Math.ceil((height + 2 * pad) * scale)});
  const g = canvas.getContext("2d");
  g.scale(scale, scale);
  g.fillStyle = "#fff";
  g.fillRect(0, 0, width + 2 * pad, height + 2 * pad);
  g.translate(pad, pad);
  g.strokeStyle = "#8a94a6";
  for (const box of boxes)
    for (const kid of box.kids) {
      g.beginPath();
      for (const point of chartWay(box, kid)) g.lineTo(...point);
      g.stroke();
    }
  for (const box of boxes) {
    const [title, below] = chartLines(box), wrong = box.node.own === 3;
    g.fillStyle = wrong ? "#fdeeee" : "#f6f7f9";
    g.strokeStyle = wrong ? "#b3261e" : "#8a94a6";
    g.fillRect(box.x, box.y, wide, tall);
    g.strokeRect(box.x, box.y, wide, tall);
    g.fillStyle = "#1a1e26";
    g.font = `600 12px ${CHART.font}`;
    g.fillText(title, box.x + 10, box.y + 17, wide - 20);
    g.fillStyle = "#566070";
    g.font = `12px ${CHART.font}`;
    g.fillText(below, box.x + 10, box.y + 32, wide - 20);
  }
  return canvas;
}

/* Hands a file to the reader. */
function handOut(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
const chartSvg = async (source, from) => handOut(
  new Blob(
    [new XMLSerializer().serializeToString(chartAsSvg(await layOut(source, from)))],
    {type: "image/svg+xml"}),
  `${T("organisation")}.svg`);
const chartPng = async (source, from) => {
  const canvas = chartOnCanvas(await layOut(source, from));
  handOut(
    await new Promise((done) => canvas.toBlob(done, "image/png")), `${T("organisation")}.png`);
};
/* Prints the chart alone. */
async function chartPrint(source, from) {
  const sheet = make("div", {class: "chart-sheet"}, chartAsSvg(await layOut(source, from)));
  document.body.append(sheet);
  document.body.classList.add("printing");
  addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    sheet.remove();
  }, {once: true});
  print();
}
