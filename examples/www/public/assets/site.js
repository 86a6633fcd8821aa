addEventListener("load", () => {
  document.getElementById("took").textContent = String(Math.round(performance.now()));
});
