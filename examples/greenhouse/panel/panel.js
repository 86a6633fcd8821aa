const show = async () => {
  const state = await (await fetch("/api/state")).json();
  document
    .querySelector("#state")
    .replaceChildren(
      ...Object.entries(state).flatMap(([name, value]) => [
        Object.assign(document.createElement("dt"), { textContent: name }),
        Object.assign(document.createElement("dd"), { textContent: value }),
      ]),
    );
};
show();
setInterval(show, 5000);
