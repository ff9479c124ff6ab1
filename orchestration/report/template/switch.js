// The language: the browser's at first, then the reader's, for as long as the page is open.
(() => {
  const page = document.documentElement;
  const show = (language) => {
    page.lang = language;
    const title = document.querySelector("title");
    document.title = language === "en" ? title.dataset.en : title.dataset.zh;
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
  };
  show(/^zh/i.test(navigator.language) ? "zh-Hans" : "en");
  document.addEventListener("DOMContentLoaded", () => {
    page.classList.add("scripted");
    show(page.lang);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => show(button.dataset.language));
    }
  });
  // On paper nothing can be unfolded.
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details:not([open])")) {
      folded.open = true;
      folded.dataset.folded = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const folded of document.querySelectorAll("details[data-folded]")) {
      folded.open = false;
      delete folded.dataset.folded;
    }
  });
})();
