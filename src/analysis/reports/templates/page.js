/* Light or dark, code shown or hidden, long tables that sort and filter. Without scripts the page is whole. */
(function () {
  var root = document.documentElement;
  root.classList.add("scripted");

  /* A library packed into the page, unpacked only when a long table is opened. */
  function unpacked(kind) {
    var packed = Uint8Array.from(atob(document.getElementById("datatables-" + kind).textContent), function (c) {
      return c.charCodeAt(0);
    });
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  var library = null;
  function tables() {
    library = library || Promise.all([unpacked("js"), unpacked("css")]).then(function (parts) {
      var style = document.createElement("style");
      style.textContent = parts[1];
      document.head.insertBefore(style, document.head.querySelector("style"));
      return import(URL.createObjectURL(new Blob([parts[0]], { type: "text/javascript" })));
    });
    return library;
  }
  /* A choice above the table for each column of few words: kind, outcome, verdict. */
  function filters(api, table) {
    var bar = document.createElement("p");
    bar.className = "filters";
    api.columns().every(function () {
      var column = this, name = column.header().textContent, words = column.data().unique().toArray().sort();
      if (words.length < 2 || words.length > 8 || words.some(function (word) { return word.length > 40 || !isNaN(parseFloat(word)) || /</.test(word); })) return;
      var choice = document.createElement("select"), label = document.createElement("label");
      [""].concat(words.filter(Boolean)).forEach(function (word) { choice.add(new Option(word || "all", word)); });
      choice.addEventListener("change", function () { column.search(choice.value, { exact: true }).draw(); });
      label.append(name + " ", choice);
      bar.append(label, " ");
    });
    if (bar.children.length) table.closest(".scroll").before(bar);
  }
  function sortable(table) {
    if (table.dataset.sortable) return;
    table.dataset.sortable = "asked";
    tables().then(function (module) {
      new module.default(table, {
        initComplete: function () { filters(this.api(), table); },
        paging: false, order: [], autoWidth: false, layout: { topStart: "search", topEnd: null, bottomStart: "info", bottomEnd: null },
        language: { search: "Filter:", info: "_TOTAL_ rows", infoFiltered: "of _MAX_", infoEmpty: "no rows" },
      });
      table.dataset.sortable = "yes";
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var theme = document.getElementById("theme"), code = document.getElementById("code");
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    function show() {
      theme.setAttribute("aria-pressed", String(dark));
      root.dataset.theme = dark ? "dark" : "light";
      root.classList.toggle("dark", dark);
    }
    theme.addEventListener("click", function () { dark = !dark; show(); });
    show();
    if (document.getElementById("datatables-js")) document.querySelectorAll("table.long").forEach(function (table) {
      var fold = table.closest("details");
      if (fold) fold.addEventListener("toggle", function () { if (fold.open) sortable(table); });
      else sortable(table);
    });
    document.querySelectorAll("a[data-filter]").forEach(function (link) {
      link.addEventListener("click", function () {
        var table = document.querySelector("#passages table");
        for (var fold = table.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
        sortable(table);
        tables().then(function (module) { new module.default.Api(table).search(link.dataset.filter).draw(); });
      });
    });
    var sideways = new ResizeObserver(function (parts) {
      parts.forEach(function (part) {
        var box = part.target.closest(".scroll");
        box.classList.toggle("cut", box.scrollWidth > box.clientWidth + 1);
      });
    });
    document.querySelectorAll(".scroll, .scroll > table").forEach(function (part) { sideways.observe(part); });
    if (!code) return;
    document.getElementById("contents").open = matchMedia("(min-width: 68rem)").matches;
    code.addEventListener("click", function () {
      var open = code.getAttribute("aria-pressed") !== "true";
      code.setAttribute("aria-pressed", String(open));
      root.classList.toggle("with-code", open);
      document.querySelectorAll("details.code").forEach(function (cell) { cell.open = open; });
    });
  });
})();
