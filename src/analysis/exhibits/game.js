/* Each form of the page that is not yet at work: moves the numbers, and scores when asked. */
document.querySelectorAll("figure.game:not([data-ready])").forEach(function (figure) {
  figure.dataset.ready = "yes";
  var data = JSON.parse(figure.querySelector(".game-data").textContent), form = figure.querySelector("form");
  var by = {};
  data.forEach(function (row) { by[row.statement_id] = row; });
  function plain(text) { var node = document.createElement("i"); node.textContent = text; return node.innerHTML; }
  function field(row) { return form.querySelector('[data-statement="' + row.statement_id + '"]'); }
  form.addEventListener("input", function (event) {
    event.target.closest("fieldset").querySelector("output").textContent = event.target.value + " %";
  });
  function mean(rows, probability) {
    return rows.reduce(function (sum, row) { return sum + Math.pow(probability(row) - row.value, 2); }, 0) / rows.length;
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    data.forEach(function (row) {
      var p = field(row).querySelector("input").value / 100, words = row.expert === null ? "not scored" : Math.round(100 * row.expert) + " %";
      row.reader = p;
      field(row).querySelector(".verdict").textContent =
        "It came out: " + row.outcome + ". Your score " + Math.pow(p - row.value, 2).toFixed(2) + "; the expert’s words: " + words + ".";
    });
    var scored = data.filter(function (row) { return row.expert !== null; });
    var speakers = Array.from(new Set(scored.map(function (row) { return row.speaker; })));
    var lines = speakers.concat(speakers.length > 1 ? [null] : []).map(function (speaker) {
      var rows = scored.filter(function (row) { return speaker === null || row.speaker === speaker; });
      return "<tr><th scope=\"row\">" + plain(speaker || "all") + "</th>" + [
        rows.length,
        mean(rows, function (row) { return row.reader; }).toFixed(3),
        mean(rows, function (row) { return row.expert; }).toFixed(3),
        mean(rows, function (row) { return row.no_change; }).toFixed(3),
        mean(rows, function () { return 0.5; }).toFixed(3),
      ].map(function (cell) { return "<td class=\"number\">" + cell + "</td>"; }).join("") + "</tr>";
    });
    form.querySelector(".score").innerHTML =
      "<p><strong>Brier scores, 0 is best</strong></p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Brier scores\"><table><thead><tr><th scope=\"col\">beside</th><th scope=\"col\">statements</th>" +
      "<th scope=\"col\">you</th><th scope=\"col\">the expert</th><th scope=\"col\">naive rule</th><th scope=\"col\">50 %</th></tr></thead><tbody>" +
      lines.join("") + "</tbody></table></div>";
    form.querySelector(".score").scrollIntoView({ block: "nearest" });
  });
});
