/* The calculation that opens a door under pressure (consult/limits). Without it, or where it fails,
   the page says how long to wait instead. Words come from data- attributes. */
(() => {
  "use strict";
  const said = document.querySelector("[data-work]");
  if (!said || !window.Worker || !window.crypto || !crypto.subtle) return;
  const form = said.closest("form");
  const button = form.querySelector("[type=submit]");
  const waiting = said.textContent;
  const challenge = JSON.parse(said.dataset.work);
  const worker = new Worker(said.dataset.worker);

  const finish = (words) => {
    said.textContent = words;
    button.disabled = false;
    worker.terminate();
  };
  worker.onmessage = ({ data }) => {
    if (!data) return finish(waiting);
    form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution: data }));
    finish(said.dataset.done);
  };
  worker.onerror = () => finish(waiting);
  said.textContent = said.dataset.busy;
  button.disabled = true;
  worker.postMessage(challenge.parameters);
})();
