/* Solves a challenge of ALTCHA, version 2: tries counters until the derived key begins as asked. */
"use strict";
const MOST = 100000; // a counter is far smaller: nobody is asked for more than a few seconds
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(buffer, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(asked) {
  const begun = performance.now();
  const nonce = bytes(asked.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const view = new DataView(password.buffer);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(asked.salt), iterations: asked.cost };
  for (let counter = 0; counter < MOST; counter += 1) {
    view.setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, asked.keyLength * 8)));
    if (!derived.startsWith(asked.keyPrefix)) continue;
    return { counter, derivedKey: derived, time: Math.round(performance.now() - begun) };
  }
  return null;
}

/* Nothing, where it cannot be done: the page then says how long to wait. */
onmessage = ({ data }) => solve(data).catch(() => null).then((solved) => postMessage(solved));
