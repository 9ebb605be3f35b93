/* What a figure answers: the row of its table under pointer, finger and arrow keys; its picture and table to take away. */
(function () {
  var SVG = "http://www.w3.org/2000/svg", CSV = 'a[download$=".csv"]', MOST = 6, NARROW = 544; // rows told at one place; pixels of a phone, as in page.css

  function made(tag, name, words) {
    var element = document.createElement(tag);
    if (name) element.className = name;
    if (words !== undefined) element.textContent = words;
    return element;
  }
  function text(cell) { return cell.textContent.trim(); }
  function clamp(value, low, high) { return Math.max(low, Math.min(high, value)); }
  function saved(name, blob) {
    var link = made("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  /* The rows of the table where they stand in the picture. */
  function values(figure, picture) {
    var table = figure.querySelector("table"), rows = [...table.tBodies[0].rows];
    var heads = [...table.tHead.rows[0].cells].map(text);
    var tip = made("div", "tip"), at = null;
    tip.hidden = true;
    tip.setAttribute("aria-live", "polite");
    picture.append(tip);
    picture.tabIndex = 0;
    picture.setAttribute("role", "application");
    picture.setAttribute("aria-roledescription", "chart; arrow keys read its values");

    function shown() {
      var side = [...picture.children].find(function (one) { return one.dataset.marks && one.offsetWidth; });
      side.panels = side.panels || JSON.parse(side.dataset.marks).map(function (panel) {
        ["x", "y"].forEach(function (axis) {
          var places = [...new Set((panel[axis] || []).filter(function (v) { return v !== null; }))].sort(function (a, b) { return a - b; });
          var gaps = places.slice(1).map(function (v, i) { return v - places[i]; });
          panel[axis + "half"] = clamp(Math.min.apply(null, gaps.concat(40)) / 2, 2, 14);
        });
        return panel;
      });
      return side;
    }
    function drawn(panel, row) {
      return ["x", "y"].every(function (axis) { return !panel[axis] || typeof panel[axis][row] === "number"; });
    }
    function inPicture(row) { return shown().panels.some(function (panel) { return drawn(panel, row); }); }
    /* The rows that stand at the place of this one. */
    function beside(panel, row) {
      return rows.map(function (_, other) { return other; }).filter(function (other) {
        return drawn(panel, other) && ["x", "y"].every(function (axis) { return !panel[axis] || panel[axis][other] === panel[axis][row]; });
      });
    }
    function written(row) {
      var cells = [...rows[row].cells].filter(function (cell) { return cell.className !== "opens"; }).map(text);
      var list = made("dl");
      cells.forEach(function (cell, column) {
        if (column && cell && cell !== "–") list.append(made("dt", "", heads[column]), made("dd", "", cell));
      });
      tip.append(made("strong", "", cells[0]), list);
    }
    function marked(svg, panels, row) {
      var old = svg.querySelector(".at"), path = "", rings = "";
      if (old) old.remove();
      panels.forEach(function (panel) {
        var [left, top, width, height] = panel.box;
        if (!drawn(panel, row)) return;
        path += "M" + left + " " + top + "h" + width + "v" + height + "h" + -width + "z";
        var x = panel.x && panel.x[row], y = panel.y && panel.y[row];
        if (panel.x && panel.y) {
          rings += "M" + (x - 8) + " " + y + "a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z";
        } else if (panel.x) {
          rings += "M" + (x - panel.xhalf) + " " + top + "h" + 2 * panel.xhalf + "v" + height + "h" + -2 * panel.xhalf + "z";
        } else {
          rings += "M" + left + " " + (y - panel.yhalf) + "h" + width + "v" + 2 * panel.yhalf + "h" + -width + "z";
        }
      });
      var mask = document.createElementNS(SVG, "path");
      mask.setAttribute("class", "at");
      mask.setAttribute("fill-rule", "evenodd");
      mask.setAttribute("d", path + rings);
      svg.append(mask);
    }
    function show(row, panel, spoken) {
      var side = shown(), svg = side.querySelector("svg");
      panel = panel || side.panels.find(function (one) { return drawn(one, row); });
      at = row;
      marked(svg, side.panels, row);
      tip.setAttribute("aria-live", spoken ? "polite" : "off");
      tip.replaceChildren();
      var there = beside(panel, row), group = [row].concat(there.filter(function (other) { return other !== row; })).slice(0, MOST);
      group.forEach(written);
      var more = there.length - group.length;
      if (more) tip.append(made("p", "", "and " + more + " more at this place"));
      tip.hidden = false;
      var scale = svg.clientWidth / svg.viewBox.baseVal.width, whole = picture.clientWidth;
      var x = scale * (panel.x ? panel.x[row] : panel.box[0] + panel.box[2] / 2), y = scale * (panel.y ? panel.y[row] : panel.box[1]);
      var left = panel.x ? (x < whole / 2 ? x + 18 : x - 18 - tip.offsetWidth) : x - tip.offsetWidth / 2;
      if (!panel.x) y += scale * panel.yhalf + 4;
      if (!panel.x && y + tip.offsetHeight > svg.clientHeight) y -= 2 * (scale * panel.yhalf + 4) + tip.offsetHeight;
      tip.style.left = clamp(left, 0, whole - tip.offsetWidth) + "px";
      tip.style.top = (whole < NARROW ? svg.clientHeight : panel.x ? clamp(y, 0, Math.max(0, svg.clientHeight - tip.offsetHeight)) : y) + "px";
      if (spoken) tip.scrollIntoView({ block: "nearest" });
    }
    function hide() {
      at = null;
      tip.hidden = true;
      picture.querySelectorAll(".at").forEach(function (mask) { mask.remove(); });
    }
    function nearest(event) {
      var side = shown(), svg = side.querySelector("svg"), frame = svg.getBoundingClientRect();
      var scale = svg.viewBox.baseVal.width / frame.width, x = (event.clientX - frame.left) * scale, y = (event.clientY - frame.top) * scale;
      function away(panel) {
        var [left, top, width, height] = panel.box;
        return Math.hypot(x - clamp(x, left, left + width), y - clamp(y, top, top + height));
      }
      var panel = side.panels.slice().sort(function (a, b) { return away(a) - away(b); })[0], best = null, least = Infinity;
      rows.forEach(function (_, row) {
        if (!drawn(panel, row)) return;
        var far = Math.hypot(panel.x ? panel.x[row] - x : 0, panel.y ? panel.y[row] - y : 0);
        if (far < least) { least = far; best = row; }
      });
      if (best === null || (panel.x && panel.y && least > 40)) hide();
      else if (best !== at || tip.hidden) show(best, panel, false);
    }
    function step(by) {
      for (var row = at === null ? (by > 0 ? -1 : rows.length) : at, next = row + by; next >= 0 && next < rows.length; next += by) {
        if (inPicture(next)) return show(next, null, true);
      }
    }
    var keys = {
      ArrowRight: function () { step(1); }, ArrowDown: function () { step(1); },
      ArrowLeft: function () { step(-1); }, ArrowUp: function () { step(-1); },
      Home: function () { at = null; step(1); }, End: function () { at = null; step(-1); }, Escape: hide,
    };
    picture.addEventListener("keydown", function (event) {
      if (event.target === picture && keys[event.key]) { keys[event.key](); event.preventDefault(); }
    });
    picture.addEventListener("pointermove", nearest);
    picture.addEventListener("pointerdown", function (event) {
      nearest(event);
      if (!tip.hidden) tip.scrollIntoView({ block: "nearest" });
    });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
    picture.addEventListener("pointerleave", function (event) { if (event.pointerType === "mouse") hide(); });
    picture.addEventListener("blur", hide);
  }

  /* The picture as a file of its own: with title, measure, note and sources, in the colours that are seen. */
  function framed(figure) {
    var side = [...figure.querySelector(".picture").children].find(function (one) { return one.offsetWidth && one.querySelector("svg"); });
    var svg = side.querySelector("svg").cloneNode(true), look = getComputedStyle(figure), [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.querySelectorAll(".at").forEach(function (mask) { mask.remove(); });
    var font = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif", pen = document.createElement("canvas").getContext("2d");
    var y = 0, lines = "";
    function put(words, size, weight, colour) {
      pen.font = weight + " " + size + "px " + font;
      var line = "";
      function out() {
        y += size * 1.35;
        lines += '<text x="8" y="' + y.toFixed(1) + '" font-size="' + size + '" font-weight="' + weight + '" fill="' + colour + '">' + escaped(line) + "</text>";
      }
      words.split(/(?= )|(?<=[-_/#=])/).forEach(function (part) {
        if (line && pen.measureText(line + part).width > width - 16) { out(); line = part.trim(); } else line += part;
      });
      if (line) out();
    }
    function escaped(words) { return words.replace(/&/g, "&amp;").replace(/</g, "&lt;"); }
    function colour(name) { return look.getPropertyValue("--" + name).trim(); }
    var title = text(figure.querySelector(".title")).replace(/\s*#$/, ""), note = figure.querySelector(".note");
    var measure = figure.querySelector(".subtitle").firstChild, cite = figure.querySelector("[data-cite]");
    put(title, 13, 700, colour("ink"));
    put(measure.textContent.trim(), 10, 400, colour("muted"));
    var above = y + 8;
    y += 8 + height;
    if (note) put(text(note), 8, 400, colour("muted"));
    put(cite.dataset.cite, 8, 400, colour("muted"));
    put((location.protocol === "file:" ? decodeURIComponent(location.pathname.split("/").pop()) : location.origin + location.pathname) + "#" + figure.id, 8, 400, colour("muted"));
    svg.setAttribute("y", above);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.removeAttribute("aria-hidden");
    svg.style.fontFamily = font;
    var whole = '<svg xmlns="' + SVG + '" width="' + width + '" height="' + Math.ceil(y + 8) + '" font-family="' + font + '"><rect width="100%" height="100%" fill="' + colour("paper") + '"/>' + lines + new XMLSerializer().serializeToString(svg) + "</svg>";
    return whole.replace(/var\(--([\w-]+)\)/g, function (_, name) { return colour(name); });
  }
  function png(source, name) {
    var picture = new Image();
    picture.onload = function () {
      var canvas = made("canvas");
      canvas.width = 2 * picture.width;
      canvas.height = 2 * picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { saved(name, blob); });
    };
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source);
  }

  /* The download of a table that shows its rows to the letter, which would else stand in the page twice. */
  function spelled(link) {
    var table = link.closest("figure").querySelector("table"), count = table.tHead.rows[0].cells.length - !!table.querySelector(".opens");
    var lines = [...table.rows].map(function (row) {
      return [...row.cells].slice(0, count).map(function (cell) {
        if (cell.querySelector("[title='no figure']")) return "";
        var words = cell.textContent.replace(/\u00a0(?=%)/g, " ");
        return /[",\n\r]/.test(words) ? '"' + words.replace(/"/g, '""') + '"' : words;
      }).join(",");
    });
    var bytes = new TextEncoder().encode("\ufeff" + lines.join("\n") + "\n"), letters = "";
    bytes.forEach(function (byte) { letters += String.fromCharCode(byte); });
    link.href = "data:text/csv;base64," + btoa(letters);
  }
  /* The rows of a download, whatever the table below was sorted and filtered to. */
  function given(figure) {
    var bytes = Uint8Array.from(atob(figure.querySelector(CSV).href.split("base64,")[1]), function (c) { return c.charCodeAt(0); });
    var rows = [[]];
    new TextDecoder().decode(bytes).replace(/("(?:[^"]|"")*"|[^,\n]*)(,|\n)/g, function (_, cell, end) {
      rows[rows.length - 1].push(cell.replace(/^"|"$/g, "").replace(/""/g, '"'));
      if (end === "\n") rows.push([]);
    });
    return rows.slice(0, -1);
  }
  /* They go on the clipboard with every digit, as lines for a spreadsheet and as a table for a text. */
  function copied(figure, button) {
    var rows = given(figure), table = made("table");
    rows.forEach(function (row, at) {
      var line = table.insertRow();
      row.forEach(function (cell) { line.append(made(at ? "td" : "th", "", cell)); });
    });
    var lines = rows.map(function (row) { return row.map(function (cell) { return cell.replace(/[\t\n]/g, " "); }).join("\t"); });
    function fill(event) {
      event.clipboardData.setData("text/plain", lines.join("\n"));
      event.clipboardData.setData("text/html", table.outerHTML);
      event.preventDefault();
    }
    document.addEventListener("copy", fill, { once: true });
    button.textContent = document.execCommand("copy") ? "Copied" : "Not copied";
    document.removeEventListener("copy", fill);
    setTimeout(function () { button.textContent = "Copy table"; }, 2000);
  }

  function takeaway(figure) {
    var links = figure.querySelector(".links");
    function button(words, act) {
      var one = made("button", "take", words);
      one.type = "button";
      one.addEventListener("click", function () { act(one); });
      links.append(" ", one);
    }
    if (figure.querySelector(".picture")) {
      button("SVG", function () { saved(figure.id + ".svg", new Blob([framed(figure)], { type: "image/svg+xml" })); });
      button("PNG", function () { png(framed(figure), figure.id + ".png"); });
    }
    button("Copy table", function (one) { copied(figure, one); });
  }

  /* Alternatives as tabs: one is seen, on paper too; an address leads to each. */
  function tabbed(box) {
    var panels = [...box.children], list = made("div", "tablist"), buttons = panels.map(function (panel, at) {
      var button = made("button", "", panel.dataset.tab);
      button.type = "button";
      button.id = box.id + "-" + at;
      button.setAttribute("role", "tab");
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      if ("open" in panel) panel.open = true;
      list.append(button);
      return button;
    });
    function folded(panel) { return panel.querySelector("figure > .fold"); }
    function choose(chosen, moved) {
      var before = panels.find(function (panel) { return !panel.hidden && folded(panel); });
      if (before) folded(panels[chosen]).open = folded(before).open;
      panels.forEach(function (panel, at) {
        panel.hidden = at !== chosen;
        buttons[at].setAttribute("aria-selected", String(at === chosen));
        buttons[at].tabIndex = at === chosen ? 0 : -1;
      });
      if (!moved) return;
      buttons[chosen].focus();
      history.replaceState(null, "", "#" + panels[chosen].querySelector("figure").id);
    }
    function addressed() {
      var at = panels.findIndex(function (panel) { return "#" + panel.querySelector("figure").id === location.hash; });
      if (at < 0) return;
      choose(at, false);
      box.scrollIntoView();
    }
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Alternatives");
    list.addEventListener("click", function (event) { if (event.target !== list) choose(buttons.indexOf(event.target), true); });
    list.addEventListener("keydown", function (event) {
      var at = buttons.indexOf(event.target), last = buttons.length - 1;
      var to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      choose(to, true);
      event.preventDefault();
    });
    box.prepend(list);
    choose(0, false);
    addressed();
    addEventListener("hashchange", addressed);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(CSV + "[href^='#']").forEach(spelled);
    document.querySelectorAll(".tabs").forEach(tabbed);
    document.querySelectorAll("figure.exhibit").forEach(function (figure) {
      var picture = figure.querySelector(".picture");
      if (picture && picture.querySelector("[data-marks]:not([data-marks='[]'])")) values(figure, picture);
      if (figure.querySelector(CSV)) takeaway(figure);
    });
  });
})();
