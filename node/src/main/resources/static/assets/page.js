// What a page does beyond links and htmx: buttons that copy a command, and honesty when the node no longer answers.
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
