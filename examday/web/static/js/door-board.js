// Keeps a sitting's numbers, curve and missing, and the board of kiosks, fresh without touching what is being typed.
"use strict";

const PARTS = ["#live", ".door-curve", "#arrived", "#waiting-cases", "#missing", "#kiosks", "#scans"];

async function freshen() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) { return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of PARTS) {
      const fresh = page.querySelector(part);
      const old = document.querySelector(part);
      if (fresh && old && !old.contains(document.activeElement)) { old.replaceWith(document.adoptNode(fresh)); }
    }
  } catch { /* the line is down; the next round tries again */ }
}

const live = document.querySelector("[data-live]");
if (live && live.dataset.live === "yes") { setInterval(freshen, 5000); }
