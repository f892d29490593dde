// Draws every figure of the page in the colours of the current theme, and again when the theme changes.
(function () {
  "use strict";
  var SKIP = { x: true, y: true, customdata: true, width: true };

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
        out[key] = SKIP[key] && Array.isArray(value[key]) ? value[key] : coloured(value[key], style);
      });
      return out;
    }
    return value;
  }

  function draw() {
    var style = getComputedStyle(document.documentElement);
    document.querySelectorAll("[data-figure]").forEach(function (pane) {
      var figure = coloured(JSON.parse(document.getElementById(pane.dataset.figure).textContent), style);
      Plotly.react(pane, figure.data, figure.layout, { responsive: true, displaylogo: false, displayModeBar: false });
    });
  }

  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
