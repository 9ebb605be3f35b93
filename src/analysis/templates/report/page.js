/* Light or dark, and code shown or hidden, remembered for this page's visit. Without scripts the page is whole. */
(function () {
  var root = document.documentElement;
  root.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", function () {
    var theme = document.getElementById("theme"), code = document.getElementById("code");
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    function show() {
      theme.setAttribute("aria-pressed", String(dark));
      root.dataset.theme = dark ? "dark" : "light";
    }
    theme.addEventListener("click", function () { dark = !dark; show(); });
    show();
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
