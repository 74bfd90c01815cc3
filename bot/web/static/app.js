// What this script adds to pages that work without it: messages without a
// reload, news as it comes, letters that grow at once, sharing.
(function () {
  "use strict";
  var log = document.getElementById("log");

  function each(list, f) { Array.prototype.forEach.call(list, f); }
  function byId(id) { return document.getElementById(id); }
  function toEnd() { byId("end").scrollIntoView({ block: "end" }); }
  function nonce() {
    var b = new Uint32Array(4);
    crypto.getRandomValues(b);
    return Array.prototype.map.call(b, function (n) { return n.toString(36); }).join("");
  }

  // later tells whether line id a comes after b; ids are "ms-seq".
  function later(a, b) {
    if (!b) { return true; }
    var x = a.split("-"), y = b.split("-");
    return Number(x[0]) > Number(y[0]) || (x[0] === y[0] && Number(x[1]) > Number(y[1]));
  }

  // append adds the lines of a fragment that the page hasn't got yet.
  function append(html) {
    var box = document.createElement("template");
    box.innerHTML = html;
    var first = null;
    each(box.content.querySelectorAll(".line"), function (line) {
      if (byId(line.id)) { return; }
      if (line.classList.contains("mine")) {
        each(log.querySelectorAll("form.live"), function (f) { f.remove(); });
      }
      log.appendChild(line);
      first = first || line;
      if (later(line.dataset.id, log.dataset.last)) { log.dataset.last = line.dataset.id; }
    });
    if (first) { settle(first); }
  }

  // settle shows a new line from its beginning, however long it is, and above
  // it what it answers.
  function settle(line) {
    var hello = document.querySelector(".hello");
    if (hello) { hello.remove(); }
    byId("trouble").textContent = byId("trouble").className = "";
    document.querySelector(".doors").classList.add("small");
    var asked = line.previousElementSibling;
    (asked && asked.classList.contains("mine") ? asked : line).scrollIntoView({ block: "start" });
  }

  function trouble(html, text) {
    var box = byId("trouble");
    box.className = html ? "" : "notice bad";
    if (html) { box.innerHTML = html; } else { box.textContent = text; }
    toEnd();
  }

  function send(form, button) {
    if (form.dataset.busy) { return; }
    var data = form.id === "attach" ? new FormData(form) : new URLSearchParams(new FormData(form));
    if (button && button.name) { data.set(button.name, button.value); }
    data.set("after", log.dataset.last || "");
    form.dataset.busy = "1";
    byId("typing").hidden = false;
    toEnd();
    fetch(form.action, { method: "POST", body: data, headers: { "X-Anjie": "fetch" }, credentials: "same-origin" })
      .then(function (res) { return res.text().then(function (html) { return { ok: res.ok, html: html, again: res.headers.has("X-Anjie-Again") }; }); })
      .then(function (answer) {
        if (!answer.ok) { trouble(answer.html); return; }
        if (answer.again) { location.replace("/"); return; }
        if (form.id === "composer") { form.reset(); form.elements.text.value = ""; grow(form.elements.text); }
        if (form.id === "attach") { form.elements.file.value = ""; }
        append(answer.html);
        if (form.elements.mid) { form.elements.mid.value = nonce(); }
      })
      .catch(function () { trouble("", byId("composer").dataset.offline); })
      .then(function () {
        delete form.dataset.busy;
        byId("typing").hidden = true;
      });
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, window.innerHeight / 3) + "px";
  }

  function chat() {
    document.addEventListener("submit", function (e) {
      if (!e.target.classList.contains("say")) { return; }
      e.preventDefault();
      send(e.target, e.submitter);
    });
    var box = byId("text");
    box.addEventListener("input", function () { grow(box); });
    box.addEventListener("keydown", function (e) {
      if (e.key !== "Enter" || e.shiftKey || e.isComposing) { return; }
      e.preventDefault();
      if (box.value.trim()) { send(byId("composer"), null); }
    });
    var files = byId("attach");
    if (files) { attach(files); }
    document.querySelector("a.door[href='#text']").addEventListener("click", function (e) {
      e.preventDefault();
      box.focus();
    });
    if (window.EventSource) {
      var stream = new EventSource("/events?after=" + encodeURIComponent(log.dataset.last || ""));
      stream.addEventListener("lines", function (e) { append(e.data); });
    }
    if (log.children.length && !location.hash) { toEnd(); }
  }

  // attach sends files as soon as they are chosen.
  function attach(form) {
    form.classList.add("quick", "say");
    form.elements.file.addEventListener("change", function () {
      if (form.elements.file.files.length) { send(form, null); }
    });
  }

  // size changes the letters at once and tells the server to keep it.
  function size(form) {
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      var button = form.querySelector("button");
      var large = document.documentElement.classList.toggle("large");
      button.textContent = large ? button.dataset.normal : button.dataset.large;
      button.setAttribute("aria-pressed", String(large));
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "manual" });
    });
  }

  function share(button) {
    if (!navigator.share && !navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var what = { title: document.title, url: button.dataset.url };
      if (navigator.share) { navigator.share(what).catch(function () {}); return; }
      navigator.clipboard.writeText(what.url).then(function () { button.textContent = button.dataset.done; });
    });
  }

  function printer(button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }

  // ofType shows the questions of the type that the desk sees in the form.
  function ofType(form, into) {
    var seen = into.querySelector("[data-type]");
    each(form.querySelectorAll("[data-of]"), function (part) { part.hidden = !seen || part.dataset.of !== seen.dataset.type; });
  }

  // live shows beside a form what the desk makes of it while it is filled in.
  function live(form) {
    var into = byId(form.dataset.into), timer = 0, asked = 0;
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var mine = ++asked;
        fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Anjie": "fetch" }, credentials: "same-origin" })
          .then(function (res) { return res.ok ? res.text() : null; })
          .then(function (html) { if (html !== null && mine === asked) { into.innerHTML = html; ofType(form, into); } })
          .catch(function () {}); // the button beside it asks again
      }, 400);
    });
  }

  if (log) { chat(); }
  if (byId("again")) { byId("again").scrollIntoView(); } // a form that wants something changed
  each(document.querySelectorAll("form[data-live]"), live);
  each(document.querySelectorAll("form.size"), size);
  each(document.querySelectorAll("button.share"), share);
  each(document.querySelectorAll("button.print"), printer);
})();
