// Keeps the numbers and the curve of a sitting fresh without touching what is being typed.
"use strict";

const PARTS = ["#live", ".door-curve"];

async function freshen() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) { return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of PARTS) {
      const fresh = page.querySelector(part);
      if (fresh) { document.querySelector(part).replaceWith(document.adoptNode(fresh)); }
    }
  } catch { /* the line is down; the next round tries again */ }
}

const live = document.querySelector("#live");
if (live && live.dataset.live === "yes") { setInterval(freshen, 5000); }
