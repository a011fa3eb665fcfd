/* Small conveniences on top of pages that work without them. Words come from data- attributes of
   <body>, written by the server in the reader's language; this file holds none. */
(() => {
  "use strict";
  const words = document.body.dataset;
  const wide = window.matchMedia("(min-width: 70rem)"); // as .reading in layout.css
  const on = (name, act, early = false) => document.addEventListener(name, act, early);
  const find = (selector, root = document) => root.querySelector(selector);
  const PLACE = ".prov, .law-row"; // a provision, a row of a table
  const plainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey);

  /* htmx: nothing evaluated, nothing cached on a shared computer; refusals (4xx) are shown where
     the answer would have stood, as in htmx 4. */
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    historyRestoreAsHxRequest: false,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[234]..", swap: true },
      { code: "5..", swap: false, error: true },
    ],
  });

  /* A discussion comes to stand beside the text only where there is room for both, and nothing
     comes here when the reader asked for a new window. Stopped before htmx hears of it, a link is
     just a link. A provision that another part of the contents names may have been added here. */
  on("click", (event) => {
    const link = event.target.closest("a[hx-get], .toc a");
    if (!link) return;
    const beside = "wide" in link.dataset;
    if (!plainClick(event) || (beside && !wide.matches)) return event.stopPropagation();
    if (beside) markCurrent(link.closest(PLACE));
    if (link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)))) link.href = link.hash;
  }, true);

  function markCurrent(provision) {
    document.querySelectorAll(".prov[aria-current], .law-row[aria-current]").forEach((p) => p.removeAttribute("aria-current"));
    if (provision) provision.setAttribute("aria-current", "true");
  }

  /* Words selected in a provision can be commented on: a link appears that carries them along. */
  const quoteLink = document.createElement("a");
  quoteLink.className = "btn btn-main quote-link";
  quoteLink.textContent = words.quoteLabel;

  /* The text as the server has it: without what was removed and what only we added. */
  function plain(range) {
    const piece = range.cloneContents();
    piece.querySelectorAll("del, .vh, .prov-label, .row-talk").forEach((node) => node.remove());
    return piece.textContent;
  }

  function offerQuote() {
    if (document.activeElement === quoteLink) return; // reached by Tab: what it carries is settled
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return quoteLink.remove();
    const range = selection.getRangeAt(0).cloneRange();
    const start = range.startContainer;
    const text = (start.closest ? start : start.parentElement).closest("[data-quote] .prov-text, [data-quote] tr");
    if (!text) return quoteLink.remove();
    if (!text.contains(range.endContainer)) range.setEndAfter(text.lastChild); // one provision at a time
    const selected = plain(range);
    const quote = selected.trim();
    if (!quote) return quoteLink.remove();
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(start, range.startOffset);
    const talk = find(".talk", text.closest("[data-quote]"));
    const url = new URL(talk.href);
    url.searchParams.set("text", text.closest("[lang]").lang); // of two languages, the one selected in
    url.searchParams.set("quote", quote);
    /* In characters, as the server counts, not in UTF-16 units. */
    url.searchParams.set("quote_start", [...plain(before)].length + selected.indexOf(quote));
    quoteLink.href = url.href;
    if (quoteLink.nextSibling !== talk) talk.before(quoteLink); // what Tab reaches next
  }
  let pause;
  on("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(offerQuote, 250);
  });
  /* By keyboard it comes next after the selection, wherever in the page the focus was left. */
  on("keydown", (event) => {
    const left = document.activeElement;
    if (event.key !== "Tab" || event.shiftKey || left === quoteLink || !left.contains(quoteLink)) return;
    event.preventDefault();
    quoteLink.focus();
  });
  quoteLink.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  quoteLink.addEventListener("blur", () => setTimeout(offerQuote));
  quoteLink.addEventListener("click", (event) => {
    const target = find("#discussion");
    if (!target || !wide.matches || !plainClick(event)) return;
    event.preventDefault();
    markCurrent(quoteLink.closest(PLACE));
    htmx.ajax("GET", quoteLink.href, { target, swap: "innerHTML" });
    window.getSelection().removeAllRanges(); // and the link goes with it
  });

  /* Nothing typed is lost: forms marked data-keep are remembered in this tab until the server has
     answered with a page that neither shows an error nor asks to sign in. */
  const slot = (form) => `kept:${form.dataset.keep}`;
  const forget = (key) => sessionStorage.removeItem(key);
  function restore(form) {
    const kept = JSON.parse(sessionStorage.getItem(slot(form)) || "{}");
    if (find("[aria-invalid]", form)) return; // what the server sent back is newer
    for (const field of form.elements) {
      if (!(field.name in kept) || /hidden|file/.test(field.type)) continue;
      if (/radio|checkbox/.test(field.type)) field.checked = kept[field.name] === field.value;
      else field.value = kept[field.name];
      const folded = field.value && field.matches("textarea") && field.closest("details");
      if (folded) folded.open = true;
    }
  }

  on("input", ({ target }) => {
    if (target.dataset.limit) count(target);
    if (!target.form || !target.form.dataset.keep) return;
    sessionStorage.setItem(slot(target.form), JSON.stringify(Object.fromEntries(new FormData(target.form))));
  });
  on("submit", ({ target }) => {
    if (target.getAttribute("action") === "/sign-out") sessionStorage.clear();
    else if (target.dataset.keep) sessionStorage.setItem("sent", slot(target));
  });
  on("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.dataset.keep && detail.xhr.status > 0 && detail.xhr.status < 400) forget(slot(detail.elt));
  });

  /* How many characters are left: said when the typing pauses, so that it does not chatter. */
  function count(field) {
    const line = find("[data-counter]", field.parentElement) || field.parentElement.appendChild(document.createElement("p"));
    line.dataset.counter = "";
    line.setAttribute("aria-live", "polite");
    clearTimeout(field.counting);
    field.counting = setTimeout(() => {
      const left = field.dataset.limit - [...field.value].length;
      line.textContent = (left < 0 ? words.countOver : words.countLeft).replace("{n}", Math.abs(left));
      line.className = left < 0 ? "error-text" : "hint";
    }, 400);
  }

  /* A new piece of the page: kept words come back; its error, or else its heading, takes the focus. */
  function settle(root) {
    root.querySelectorAll("form[data-keep]").forEach(restore);
    root.querySelectorAll("[data-limit]").forEach((field) => field.value && count(field));
  }
  on("htmx:afterSettle", ({ detail }) => {
    settle(detail.elt);
    const place = find(".error-summary", detail.elt) || find("[data-focus]", detail.elt);
    if (place) place.focus();
  });
  const say = (text) => () => { find("#live").textContent = text; };
  on("htmx:beforeRequest", say(""));
  on("htmx:sendError", say(words.offline));
  on("htmx:responseError", say(words.offline));

  /* Words selected on the page go into a field when asked, one piece a line. */
  document.querySelectorAll("[data-take]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    button.addEventListener("click", () => {
      const field = button.form.elements[button.dataset.take];
      const lines = [...field.value.split("\n"), ...window.getSelection().toString().split("\n")];
      field.value = [...new Set(lines.map((line) => line.trim()))].filter(Boolean).join("\n");
      field.focus();
    });
  });

  if (!find("[data-hold], [aria-invalid], [type=password]")) forget(sessionStorage.getItem("sent"));
  forget("sent");
  settle(document);
  const summary = find(".error-summary");
  if (summary) summary.focus();
})();
