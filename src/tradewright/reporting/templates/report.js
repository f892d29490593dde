// Draws each figure when it is reached, in the colours of the theme, and all of them in light colours for paper.
(function () {
  "use strict";
  var DATA = { x: true, y: true, open: true, high: true, low: true, close: true, customdata: true, text: true, width: true, z: true };
  var PAPER_WIDTH = 680;
  var PAPER_HEIGHT = 0.72;
  var DATE_LABEL = 64;
  var PHONE = 480;
  var LETTER = 6.5;
  var SWATCH = 42;
  var config = { responsive: true, displaylogo: false, displayModeBar: false };
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var panes = Array.prototype.slice.call(document.querySelectorAll("[data-figure]"));
  var drawn = new Set();
  var scales = {};
  var onPaper = false;

  function coloured(value, style) {
    if (typeof value === "string") {
      return value.indexOf("var(") === 0 ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
    }
    if (Array.isArray(value)) {
      return value.map(function (item) { return coloured(item, style); });
    }
    if (value && typeof value === "object") {
      var out = {};
      Object.keys(value).forEach(function (key) {
        out[key] = DATA[key] && Array.isArray(value[key]) ? value[key] : coloured(value[key], style);
      });
      return out;
    }
    return value;
  }

  // Where a legend and the name of the pane have no room beside each other, the name goes above.
  function lift(figure, width) {
    var layout = figure.layout;
    if (width > PHONE || !layout.showlegend || !layout.annotations) { return; }
    var names = figure.data.filter(function (trace) { return trace.showlegend !== false; });
    var needed = names.reduce(function (sum, trace) { return sum + LETTER * trace.name.length + SWATCH; }, 40);
    if (needed + LETTER * layout.annotations[0].text.length <= width) { return; }
    layout.margin.t = 66;
    layout.annotations[0].yshift = 36;
  }

  // Plotly asks for 80 pixels a label and then rounds up to 5 or 10 years: on a phone a decade would show one year.
  function fit(layout, width) {
    Object.keys(layout).forEach(function (key) {
      if (key.indexOf("xaxis") === 0 && layout[key].type === "date") {
        layout[key].nticks = Math.max(4, Math.floor(width / DATE_LABEL));
      } else if (key.indexOf("xaxis") === 0 && width <= PHONE) {
        layout[key].nticks = Math.max(3, Math.floor(layout[key].nticks / 2));
        layout[key].tickangle = 0;
      }
    });
  }

  // Numbers in the cells of a heat map stand there where they have room.
  function room(figure, width) {
    var meta = figure.layout.meta;
    if (!meta) { return; }
    var wide = (width - 60) / meta.cells[0], high = (figure.layout.height - 100) / meta.cells[1];
    if (wide >= 8 + 6.4 * meta.widest && high >= 15) { return; }
    figure.data.forEach(function (trace) {
      if (trace.mode === "text") { trace.visible = false; } else if (trace.visible === false) { trace.visible = true; }
    });
    if (wide < 14 || high < 14) { figure.data.forEach(function (trace) { if (trace.xgap) { trace.xgap = trace.ygap = 0; } }); }
  }

  function draw(pane) {
    var style = getComputedStyle(document.documentElement);
    var figure = coloured(JSON.parse(document.getElementById(pane.dataset.figure).textContent), style);
    var width = onPaper ? PAPER_WIDTH : pane.clientWidth;
    if (scales[pane.id]) { figure.layout.yaxis.type = scales[pane.id]; }
    if (onPaper) {
      figure.layout.width = PAPER_WIDTH;
      figure.layout.height = Math.round(figure.layout.height * PAPER_HEIGHT);
      figure.layout.autosize = false;
    }
    fit(figure.layout, width);
    room(figure, width);
    lift(figure, width);
    drawn.add(pane);
    Plotly.react(pane, figure.data, figure.layout, config);
  }

  function redraw() { panes.forEach(function (pane) { if (drawn.has(pane)) { draw(pane); } }); }

  function paper(on) {
    if (on === onPaper) { return; }
    onPaper = on;
    document.documentElement.classList.toggle("paper", on);
    panes.forEach(draw);
  }

  if ("IntersectionObserver" in window) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target); }
      });
    }, { rootMargin: "300px" });
    panes.forEach(function (pane) { watcher.observe(pane); });
  } else {
    panes.forEach(draw);
  }

  document.querySelectorAll("[data-scale]").forEach(function (button) {
    button.addEventListener("click", function () {
      var pane = document.getElementById(button.dataset.of);
      scales[pane.id] = button.dataset.scale;
      button.parentNode.querySelectorAll("[data-scale]").forEach(function (other) {
        other.setAttribute("aria-pressed", String(other === button));
      });
      draw(pane);
    });
  });

  document.querySelectorAll("[data-picks]").forEach(function (select) {
    select.addEventListener("change", function () {
      var pane = document.getElementById(select.dataset.picks);
      pane.dataset.figure = select.value;
      draw(pane);
    });
  });

  var width = window.innerWidth;
  window.addEventListener("resize", function () {
    if (!onPaper && Math.abs(window.innerWidth - width) > 40) { width = window.innerWidth; redraw(); }
  });
  dark.addEventListener("change", redraw);
  window.addEventListener("beforeprint", function () { paper(true); });
  window.addEventListener("afterprint", function () { paper(false); });
  window.matchMedia("print").addEventListener("change", function (print) { paper(print.matches); });
})();
