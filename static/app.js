/* Small conveniences on top of pages that work without them. Words come from data- attributes of
   <body>, written by the server in the reader's language; this file holds none. */
(() => {
  "use strict";
  const words = document.body.dataset;
  const wide = window.matchMedia("(min-width: 70rem)"); // as .reading in layout.css
  const on = (name, act, early = false) => document.addEventListener(name, act, early);
  const find = (selector, root = document) => root.querySelector(selector);
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

  /* A discussion comes to stand beside the text only where there is room for both, and never when
     the reader asked for a new window. Stopped before htmx hears of it, a link is just a link. */
  on("click", (event) => {
    const link = event.target.closest("a[data-wide]");
    if (!link) return;
    if (wide.matches && plainClick(event)) markCurrent(link.closest(".prov"));
    else event.stopPropagation();
  }, true);

  function markCurrent(provision) {
    document.querySelectorAll(".prov[aria-current]").forEach((p) => p.removeAttribute("aria-current"));
    if (provision) provision.setAttribute("aria-current", "true");
  }

  /* Words selected in a provision can be commented on: a link appears that carries them along. */
  const quoteLink = document.createElement("a");
  quoteLink.className = "btn btn-main quote-link";
  quoteLink.textContent = words.quoteLabel;

  /* The text as the server has it: without what was removed and what only we added. */
  function plain(range) {
    const piece = range.cloneContents();
    piece.querySelectorAll("del, .vh, .prov-label").forEach((node) => node.remove());
    return piece.textContent;
  }

  function offerQuote() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return quoteLink.remove();
    const range = selection.getRangeAt(0).cloneRange();
    const start = range.startContainer;
    const text = (start.closest ? start : start.parentElement).closest("[data-quote] .prov-text");
    if (!text) return quoteLink.remove();
    if (!text.contains(range.endContainer)) range.setEndAfter(text.lastChild); // one provision at a time
    const selected = plain(range);
    const quote = selected.trim();
    if (!quote) return quoteLink.remove();
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(start, range.startOffset);
    const provision = text.closest("[data-quote]");
    const url = new URL(find(".talk", provision).href);
    url.searchParams.set("quote", quote);
    /* In characters, as the server counts, not in UTF-16 units. */
    url.searchParams.set("quote_start", [...plain(before)].length + selected.indexOf(quote));
    quoteLink.href = url.href;
    if (quoteLink.parentElement !== provision) provision.append(quoteLink);
  }
  let pause;
  on("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(offerQuote, 250);
  });
  quoteLink.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  quoteLink.addEventListener("click", (event) => {
    const target = find("#discussion");
    if (!target || !wide.matches || !plainClick(event)) return;
    event.preventDefault();
    markCurrent(quoteLink.closest(".prov"));
    htmx.ajax("GET", quoteLink.href, { target, swap: "innerHTML" });
    quoteLink.remove();
  });

  /* Nothing typed is lost: forms marked data-keep are remembered in this tab until the server has
     answered with a page that neither shows an error nor asks to sign in. */
  const slot = (form) => `kept:${form.dataset.keep}`;
  const forget = (key) => sessionStorage.removeItem(key);
  function restore(form) {
    const kept = JSON.parse(sessionStorage.getItem(slot(form)) || "{}");
    if (find("[aria-invalid]", form)) return; // what the server sent back is newer
    for (const field of form.elements) {
      if (!(field.name in kept) || field.type === "hidden") continue;
      if (/radio|checkbox/.test(field.type)) field.checked = kept[field.name] === field.value;
      else field.value = kept[field.name];
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

  if (!find("[data-hold], [aria-invalid], [type=password]")) forget(sessionStorage.getItem("sent"));
  forget("sent");
  settle(document);
  const summary = find(".error-summary");
  if (summary) summary.focus();
})();
