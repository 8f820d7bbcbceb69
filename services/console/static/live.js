// An inbox that is being looked at asks for its list again as soon as something new is in it.
"use strict";
document.querySelectorAll("[data-live]").forEach((here) => {
  if (!window.EventSource || !window.htmx) return;
  const source = new EventSource(here.dataset.live);
  source.addEventListener("notification", () => htmx.trigger("#letters", "arrived"));
  window.addEventListener("pagehide", () => source.close());
});
