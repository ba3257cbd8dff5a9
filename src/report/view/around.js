/* One item and those around it: cards, or the ring that it is in. */
const CARDS = 12, SMALL = 4;

function card(source, node, chosen, is) {
  const open = () => node.row ? chosen(node.row) : null;
  return make(
    "button", {
      class: is ? "card chosen" : "card",
      type: "button",
      "aria-current": is ? "true" : null,
      onclick: open
    },
    make("b", null, told(node.group || node.id, 60)), make("span", null, told(node.name || "", 60)),
    node.worst ?
      make("span", {class: `mark ${SEVERITIES[3 - node.worst]}`}, T(SEVERITIES[3 - node.worst])) :
      null,
    node.below ? make("span", null, T("%s below", number(node.below))) : null);
}

async function cards(source, node, chosen) {
  const host = make("div", {class: "cards"}), above = [];
  for (let up = await source.above(node.node); up >= 0 && up !== source.top && above.length < 2;
       up = await source.above(up))
    above.unshift(await source.node(up));
  for (const one of above) host.append(card(source, one, chosen), make("div", {class: "stem"}));
  host.append(card(source, node, chosen, true));
  if (!node.kids) return host;
  const kids = await source.children(node.node, 0, CARDS), list = make("ul");
  for (const kid of kids) {
    const item = make("li", null, card(source, kid, chosen));
    if (kid.kids) {
      const more = await source.children(kid.node, 0, SMALL);
      item.append(
        make("ul", null, ...more.map((one) => make("li", null, card(source, one, chosen)))));
      if (kid.kids > SMALL)
        item.append(make("p", {class: "note"}, T("and %s more", number(kid.kids - SMALL))));
    }
    list.append(item);
  }
  host.append(make("div", {class: "stem"}), list);
  if (node.kids > CARDS)
    host.append(make("p", {class: "note"}, T("and %s more", number(node.kids - CARDS))));
  return host;
}

/* A cycle: its rows in a ring, each an arrow to its parent; the cheapest cut is dashed. */
async function ring(source, loop, chosen) {
  const most = 16, rows = loop.rows.slice(0, most), at = loop.rows.indexOf(loop.cut);
  if (at < 0 || at >= most) rows[rows.length - 1] = loop.cut;
  const size = 360, radius = 135, seats = [];
  const place = (i) =>
    [size / 2 + radius * Math.sin(2 * Math.PI * i / rows.length),
     size / 2 - radius * Math.cos(2 * Math.PI * i / rows.length)];
  const drawing = make("svg:svg", {
    class: "ring",
    viewBox: `0 0 ${size} ${size}`,
    role: "img",
    "aria-label": T("a ring of %s rows; the line below tells where to cut it", number(loop.size))
  });
  const near = [];
  for (const [i, row] of rows.entries()) {
    const [node] = (await source.way(row)).slice(-1), about = await source.node(node.node),
          [x, y] = place(i), [nx, ny] = place((i + 1) % rows.length);
    near.push(about);
    drawing.append(make("svg:path", {
      class: row === loop.cut ? "cut" : null,
      d: `M ${x} ${y} Q ${size / 2 + (x + nx - size) / 2.4} ${size / 2 + (y + ny - size) / 2.4} ${
        nx} ${ny}`
    }));
    seats.push(
      make("svg:circle", {class: row === loop.cut ? "seat cut" : "seat", cx: x, cy: y, r: 26}),
      make("svg:text", {x, y}, cut(shown(about.id), 8)));
  }
  drawing.append(...seats);
  const first = near[rows.indexOf(loop.cut)];
  return make(
    "div", null, drawing,
    make(
      "p", null, make("strong", null, T("Where to cut it:")), " ",
      T("give row %s another parent:", number(loop.cut)), " ",
      make(
        "button", {type: "button", onclick: () => chosen(loop.cut)},
        told(first ? first.id : "", 60))),
    loop.size > rows.length ?
      make(
        "p", {class: "note"},
        T("%s of the ring's rows are not drawn", number(loop.size - rows.length))) :
      null);
}
