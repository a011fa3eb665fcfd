/* Passkeys: forms marked data-passkey ask the device before they are sent. They appear only where
   the browser can; everything else on these pages works without. Holds no words. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  /* As PublicKeyCredential.parse…OptionsFromJSON and toJSON do, which older browsers lack. */
  function ask(options) {
    options.challenge = bytes(options.challenge);
    if (!options.user) {
      options.allowCredentials = known(options.allowCredentials);
      return navigator.credentials.get({ publicKey: options });
    }
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }

  function written(key) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[part]) response[part] = text(key.response[part]);
    }
    const clientExtensionResults = key.getClientExtensionResults();
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults });
  }

  async function fill(form) {
    const answer = await fetch(form.dataset.passkey, { method: "POST", credentials: "same-origin" });
    if (answer.redirected) return window.location.reload(); // asked for something else first
    if (!answer.ok) throw new Error(answer.status);
    form.elements.answer.value = written(await ask(await answer.json()));
    form.submit();
  }

  document.querySelectorAll("[data-no-passkey]").forEach((line) => { line.hidden = true; });
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = true;
      fill(form).catch(() => { failed.hidden = false; });
    });
  });
})();
