
"use strict";
(() => {
  const box = document.getElementById("sought"), said = document.getElementById("found");
  const others = { "ø": "o", "æ": "ae", "đ": "d", "ŋ": "n", "ŧ": "t" };
  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/[øæđŋŧ]/g, (letter) => others[letter]).replace(/[^\p{L}\p{N}]+/gu, " ");
  const tell = (text, values) =>
    { said.textContent = text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole); };
  const rows = [...document.querySelectorAll("table[data-searched] tbody tr")].map((row) =>
    [row, plain(" " + [...row.cells].filter((cell) => !cell.dataset.unsearched).map((cell) => cell.textContent).join(" "))]);

  const search = () => {
    const words = plain(box.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(` ${word}`));
      shown += row.hidden ? 0 : 1;
    }
    tell(box.value.trim() === "" ? "" : shown === 0 ? said.dataset.none : said.dataset.some,
      { n: shown, all: rows.length, words: box.value.trim() });
  };
  box.addEventListener("input", search);

  const keyOf = (row, column) => Number(row.cells[column].dataset.order ?? row.dataset.place);
  const sort = (table, header) => {
    const heads = [...table.tHead.rows[0].cells], column = heads.indexOf(header);
    const way = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) =>
      way * (keyOf(a, column) - keyOf(b, column)) || a.dataset.place - b.dataset.place));
    tell(way > 0 ? said.dataset.rising : said.dataset.falling, { column: header.textContent.trim() });
  };
  for (const table of document.querySelectorAll("table[data-sorted]")) {
    [...table.tBodies[0].rows].forEach((row, place) => { row.dataset.place = place; });
    for (const header of table.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header));
      header.append(button);
    }
    table.querySelector("th[data-sort]").setAttribute("aria-sort", "ascending");
  }
  document.getElementById("finder").hidden = false;
  search();
})();
