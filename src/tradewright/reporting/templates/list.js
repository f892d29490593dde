// Lists of many rows: each sorts, filters and shows one page of the cells that stand in the document as text.
(function () {
  "use strict";
  var PAGE = 50;

  function element(name, parent, text) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (parent) { parent.appendChild(made); }
    return made;
  }

  function number(value) { return value.toLocaleString("en-US"); }

  function list(box) {
    var data = JSON.parse(document.getElementById(box.dataset.list).textContent);
    var columns = data.columns;
    var total = columns.length ? columns[0].cells.length : 0;
    var state = { page: 0, column: null, down: false, text: "" };

    box.textContent = "";
    var tools = element("div", box);
    tools.className = "tools";
    var search = element("input", element("label", tools, "Filter "));
    search.type = "search";
    search.placeholder = data.hint;
    var count = element("span", tools);
    count.className = "count";
    count.setAttribute("aria-live", "polite");
    var frame = element("div", box);
    frame.className = "wide";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", data.label);
    var table = element("table", frame);
    var head = element("tr", element("thead", table));
    var body = element("tbody", table);
    var pager = element("div", box);
    pager.className = "pager";
    var buttons = ["First", "Previous", "Next", "Last"].map(function (text) {
      var button = element("button", pager, text);
      button.type = "button";
      return button;
    });
    var place = element("span", pager);
    var paper = element("p", box);
    paper.className = "note on-paper";

    // "fast=20" finds exactly that value, anything else finds rows that hold it somewhere.
    function fits(row, part) {
      var at = part.indexOf("=");
      if (at > 0) {
        var name = part.slice(0, at), wanted = part.slice(at + 1);
        return columns.some(function (column) {
          return column.label.toLowerCase() === name && column.cells[row].toLowerCase() === wanted;
        });
      }
      return columns.some(function (column) { return column.cells[row].toLowerCase().indexOf(part) >= 0; });
    }

    function chosen() {
      var parts = state.text.toLowerCase().split(/\s+/).filter(Boolean);
      var rows = [];
      for (var row = 0; row < total; row += 1) {
        if (parts.every(fits.bind(null, row))) { rows.push(row); }
      }
      if (!state.column) { return rows; }
      var values = state.column.values || state.column.cells;
      var sign = state.down ? -1 : 1;
      return rows.sort(function (a, b) {
        if (values[a] === values[b]) { return a - b; }
        if (values[a] === null) { return 1; }
        if (values[b] === null) { return -1; }
        return values[a] < values[b] ? -sign : sign;
      });
    }

    var rows = [];
    function page() {
      var pages = Math.max(1, Math.ceil(rows.length / PAGE));
      state.page = Math.min(Math.max(state.page, 0), pages - 1);
      body.textContent = "";
      rows.slice(state.page * PAGE, state.page * PAGE + PAGE).forEach(function (row) {
        var line = element("tr", body);
        columns.forEach(function (column) {
          var cell = element("td", line, column.cells[row]);
          if (column.number) { cell.className = "num"; }
        });
      });
      place.textContent = "page " + number(state.page + 1) + " of " + number(pages);
      pager.hidden = pages === 1;
      buttons.forEach(function (button, index) { button.disabled = index < 2 ? state.page === 0 : state.page === pages - 1; });
      var shown = body.childElementCount;
      paper.textContent = shown === total ? "" : "Printed are " + number(shown) + " of " + number(total) + "; the page on a screen lists the others.";
      count.textContent = (rows.length === total ? "" : number(rows.length) + " of ") + number(total) + " " + data.noun;
    }

    function refresh() { rows = chosen(); page(); }

    columns.forEach(function (column) {
      var cell = element("th", head);
      cell.scope = "col";
      if (column.number) { cell.className = "num"; }
      var button = element("button", cell, column.label);
      button.type = "button";
      button.addEventListener("click", function () {
        state.down = state.column === column ? !state.down : column.number;
        state.column = column;
        state.page = 0;
        head.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
        cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        refresh();
      });
    });
    buttons.forEach(function (button, index) {
      button.addEventListener("click", function () {
        state.page = [0, state.page - 1, state.page + 1, Infinity][index];
        page();
      });
    });
    var waiting = 0;
    search.addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(function () { state.text = search.value; state.page = 0; refresh(); }, 150);
    });
    refresh();
  }

  document.querySelectorAll("[data-list]").forEach(list);
})();
