// The list of trades: sorts, filters and shows one page of the compact data that stands in the document.
(function () {
  "use strict";
  var box = document.getElementById("trade-list");
  if (!box) { return; }
  var data = JSON.parse(document.getElementById(box.dataset.rows).textContent);
  var words = data.words;
  var PAGE = 50;
  var MINUS = "\u2212";
  var state = { page: 0, sort: "number", down: false, text: "", outcome: "all" };
  var total = data.number.length;
  var clock = data.intraday && data.zone !== "UTC" ? new Intl.DateTimeFormat("sv-SE", {
    timeZone: data.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit"
  }) : null;

  function fixed(value, digits, sign) {
    if (value === null) { return "n/a"; }
    var text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (!/[1-9]/.test(text)) { return text; }
    return (value < 0 ? MINUS : sign ? "+" : "") + text;
  }

  function percent(value) {
    if (value === null) { return "n/a"; }
    if (value >= 10) { return "\u00d7" + fixed(1 + value, value < 999 ? 1 : 0); }
    return fixed(value * 100, Math.abs(value) < 0.99995 ? 2 : 0, true) + " %";
  }

  function when(value) {
    if (!data.intraday) { return [new Date(value * 864e5).toISOString().slice(0, 10), ""]; }
    var utc = new Date(value * 6e4).toISOString();
    return clock ? [clock.format(new Date(value * 6e4)), utc.slice(11, 16) + " UTC"] : [utc.slice(0, 16).replace("T", " "), ""];
  }

  function word(name) { return function (row) { return words[name][data[name][row]]; }; }
  function symbol(row) { return words.symbol[data.symbol[row]]; }
  function change(name, text) {
    return function (row, cell) {
      var value = data[name][row];
      var shape = document.createElement("span");
      shape.className = "shape";
      shape.setAttribute("aria-hidden", "true");
      shape.textContent = value > 0 ? "\u25b2" : value < 0 ? "\u25bc" : "";
      cell.textContent = text(value);
      cell.classList.add(value > 0 ? "gain" : value < 0 ? "loss" : "even");
      cell.appendChild(shape);
    };
  }
  function moment(name) {
    return function (row, cell) {
      var parts = when(data[name][row]);
      cell.textContent = parts[1] ? parts[0] + " " : parts[0];
      cell.classList.add("when");
      if (parts[1]) {
        var utc = document.createElement("span");
        utc.className = "utc";
        utc.textContent = parts[1];
        cell.appendChild(utc);
      }
    };
  }
  function plain(text) { return function (row, cell) { cell.textContent = text(row); }; }

  var clocked = data.intraday ? ", " + data.city : "";
  var columns = [
    ["number", "#", true, plain(function (row) { return fixed(data.number[row], 0); })],
    ["symbol", "Symbol", false, plain(symbol)],
    ["short", "Side", false, plain(function (row) { return data.short[row] ? "short" : "long"; })],
    ["quantity", "Quantity", true, plain(function (row) { return fixed(data.quantity[row], data.lot[symbol(row)]); })],
    ["entry", "Entry" + clocked, false, moment("entry")],
    ["entry_price", "Price", true, plain(function (row) { return fixed(data.entry_price[row], data.tick[symbol(row)]); })],
    ["exit", "Exit" + clocked, false, moment("exit")],
    ["exit_price", "Price", true, plain(function (row) { return fixed(data.exit_price[row], data.tick[symbol(row)]); })],
    ["net", "Net, " + data.currency, true, change("net", function (value) { return fixed(value, data.digits, true); })],
    ["return", "Return", true, change("return", percent)],
    ["mae", "MAE", true, plain(function (row) { return percent(data.mae[row]); })],
    ["mfe", "MFE", true, plain(function (row) { return percent(data.mfe[row]); })],
    ["bars", "Bars", true, plain(function (row) { return fixed(data.bars[row], 0); })],
    ["exit_way", "Ended by", false, plain(word("exit_way"))]
  ];
  if (words.strategy.length > 1) { columns.push(["strategy", "Strategy", false, plain(word("strategy"))]); }
  ["entry_tag", "exit_tag"].forEach(function (name) {
    if (words[name].length > 1 || words[name][0]) {
      columns.push([name, name === "entry_tag" ? "Entry tag" : "Exit tag", false, plain(word(name))]);
    }
  });

  function element(name, parent, text) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (parent) { parent.appendChild(made); }
    return made;
  }

  function control(name, label, parent) {
    var held = element("label", parent, label + " ");
    return element(name, held);
  }

  box.textContent = "";
  var tools = element("div", box);
  tools.className = "tools";
  var search = control("input", "Filter", tools);
  search.type = "search";
  search.placeholder = "symbol, side, tag, date";
  var outcome = control("select", "Show", tools);
  [["all", "all"], ["gain", "gains"], ["loss", "losses"]].forEach(function (choice) {
    element("option", outcome, choice[1]).value = choice[0];
  });
  var count = element("span", tools);
  count.className = "count";
  count.setAttribute("aria-live", "polite");
  var frame = element("div", box);
  frame.className = "wide";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Trades");
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

  var texts = null;
  function haystack(row) {
    if (!texts) { texts = new Array(total); }
    if (!texts[row]) {
      texts[row] = [symbol(row), data.short[row] ? "short" : "long", when(data.entry[row])[0], when(data.exit[row])[0],
        word("exit_way")(row), word("strategy")(row), word("entry_tag")(row), word("exit_tag")(row)].join(" ").toLowerCase();
    }
    return texts[row];
  }

  function chosen() {
    var rows = [];
    var parts = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    for (var row = 0; row < total; row += 1) {
      var fits = state.outcome === "all" || (state.outcome === "gain" ? data.net[row] > 0 : data.net[row] <= 0);
      if (fits && parts.every(function (part) { return haystack(row).indexOf(part) >= 0; })) { rows.push(row); }
    }
    var values = data[state.sort];
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
        var cell = element("td", line);
        if (column[2]) { cell.className = "num"; }
        column[3](row, cell);
      });
    });
    place.textContent = "page " + fixed(state.page + 1, 0) + " of " + fixed(pages, 0);
    pager.hidden = pages === 1;
    buttons.forEach(function (button, index) { button.disabled = index < 2 ? state.page === 0 : state.page === pages - 1; });
    var shown = body.childElementCount;
    paper.textContent = shown === total ? "" : "Printed are " + fixed(shown, 0) + " of " + fixed(total, 0) + " trades; the report on a screen lists the others.";
    count.textContent = rows.length === total ? fixed(total, 0) + " trades"
      : fixed(rows.length, 0) + " of " + fixed(total, 0) + " trades";
  }

  function refresh() { rows = chosen(); page(); }

  columns.forEach(function (column) {
    var cell = element("th", head);
    cell.scope = "col";
    if (column[2]) { cell.className = "num"; }
    var button = element("button", cell, column[1]);
    button.type = "button";
    button.addEventListener("click", function () {
      state.down = state.sort === column[0] ? !state.down : column[2] && column[0] !== "number";
      state.sort = column[0];
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
  outcome.addEventListener("change", function () { state.outcome = outcome.value; state.page = 0; refresh(); });
  refresh();
})();
