// What a page does beyond links and htmx: buttons that copy a command, parts that refresh when the node has news, and honesty
// when it no longer answers.
// Pages work without it.

// Browsers lend the clipboard only to secure pages: https, or this very machine.
const commands = navigator.clipboard ? document.querySelectorAll(".command") : [];

for (const command of commands) {
  const { copy, copied } = document.body.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command.querySelector("code").textContent);
    button.textContent = copied;
    document.getElementById("said").textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  command.append(button);
}

const stale = (event) => event.target.closest(".live")?.setAttribute("data-stale", "");
document.body.addEventListener("htmx:sendError", stale);
document.body.addEventListener("htmx:responseError", stale);
document.body.addEventListener("htmx:afterSwap", (event) =>
  event.target.closest(".live")?.removeAttribute("data-stale"),
);

// Parts marked data-live="block checkpoint" refresh when the node says that there is a new one. The stream says no more than
// that; a hidden page does not listen, because browsers have few connections to a node.
const liveParts = document.querySelectorAll("[data-live]");
const RETRY_MILLIS = 30_000;
let stream;
let retry;

const refresh = (news) => {
  for (const part of liveParts) {
    if (!news || part.dataset.live.split(" ").includes(news)) {
      htmx.trigger(part, "refresh");
    }
  }
};

const listen = () => {
  clearTimeout(retry);
  stream?.close();
  stream = new EventSource("/explorer/live");
  stream.addEventListener("block", () => refresh("block"));
  stream.addEventListener("checkpoint", () => refresh("checkpoint"));
  stream.addEventListener("open", () => refresh());
  stream.addEventListener("error", () => {
    liveParts.forEach((part) => part.setAttribute("data-stale", ""));
    // The browser comes back by itself, unless it was refused.
    if (stream.readyState === EventSource.CLOSED) {
      refresh();
      retry = setTimeout(listen, RETRY_MILLIS);
    }
  });
};

if (liveParts.length > 0) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? stream.close() : listen()));
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}
