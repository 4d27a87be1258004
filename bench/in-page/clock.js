/**
 * Runs in the page that is measured, before its own scripts. Times are read when a frame was painted and not when the
 * page meant to paint it: in the task that follows a frame's drawing.
 */
globalThis.benchClock = (() => {
  const AWAITED = '.skeleton, [aria-busy=true], .is-stale';
  /** So long nothing may change any more for a page to be whole. */
  const QUIET_MS = 300;
  const LIMIT_MS = 60_000;
  let changedAt = 0;
  new MutationObserver(() => {
    changedAt = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(0);
      });
    });

  async function until(isSo) {
    const begun = performance.now();
    for (;;) {
      const at = await painted();
      if (isSo()) return at;
      if (at - begun > LIMIT_MS) throw new Error(`not so within ${LIMIT_MS} ms: ${isSo}`);
    }
  }

  const isThere = (selector) => document.querySelector(selector) !== null;

  /** @returns when the last frame was painted that changed anything, with nothing awaited in it */
  async function whole() {
    let lastAt = 0;
    await until(() => {
      const now = performance.now();
      if (isThere(AWAITED) || !isThere('main h1') || changedAt >= lastAt) lastAt = now;
      return now - lastAt > QUIET_MS;
    });
    return lastAt;
  }

  /** Follows a link as a click does. @param first what the answer begins with */
  async function follow(href, first) {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    const begun = performance.now();
    link.click();
    link.remove();
    const isFirst = () =>
      isThere(`main ${first}`) && document.querySelector(`main ${first}`).closest('.is-stale') === null;
    const [firstAt, wholeAt] = await Promise.all([until(isFirst), whole()]);
    return { firstMs: firstAt - begun, wholeMs: wholeAt - begun };
  }

  /** From the navigation to the first frame with the head, and to the one in which a key has had its effect. */
  async function interactive() {
    const shellMs = await until(() => isThere('.head'));
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }));
    const inputMs = await until(() => isThere('[role=dialog], dialog'));
    document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
    );
    return { shellMs, inputMs, wholeMs: await whole() };
  }

  /** @returns ms since 1970 at which a text stood in a line of the list */
  async function seen(text) {
    const isSeen = () => [...document.querySelectorAll('.list-row')].some((row) => row.textContent.includes(text));
    return performance.timeOrigin + (await until(isSeen));
  }

  const list = () => document.querySelector('.list');
  const rowHeight = () => Number.parseFloat(document.querySelector('.list-row').style.height);
  const loadedRows = () => Math.round(document.querySelector('.list-whole').clientHeight / rowHeight());
  const selected = () => Number(list().getAttribute('aria-activedescendant')?.slice('row-'.length) ?? -1);

  function isDrawn(at) {
    const row = document.getElementById(`row-${at}`)?.getBoundingClientRect();
    const box = list().getBoundingClientRect();
    return row !== undefined && row.top >= box.top - 1 && row.bottom <= box.bottom + 1 && row.height > 0;
  }

  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  let expected = -1;
  let pressed = [];

  function listenToKeys() {
    expected = selected();
    pressed = [];
    document.addEventListener('keydown', note, { capture: true });
  }

  /** A key is waited for until the line is painted to which it leads, together with all keys before it. */
  function note({ key, timeStamp }) {
    const last = loadedRows() - 1;
    const page = Math.max(1, Math.floor(list().clientHeight / rowHeight()) - 1);
    const to = expected + ({ ...STEPS, PageDown: page, PageUp: -page }[key] ?? 0);
    const next = key === 'Home' ? 0 : key === 'End' ? last : Math.max(0, Math.min(last, to));
    const isAtEnd = next === expected;
    expected = next;
    pressed.push(until(isUpToDate).then((at) => ({ ms: isAtEnd ? 0 : at - timeStamp, isAtEnd })));
  }

  const isUpToDate = () => selected() === expected && isDrawn(expected);

  /** @returns what became of the keys: those that led nowhere, because no more lines were there, and all others */
  async function keys() {
    document.removeEventListener('keydown', note, { capture: true });
    const all = await Promise.all(pressed);
    const moved = all.filter(({ isAtEnd }) => !isAtEnd).map(({ ms }) => ms);
    return { keys: all.length, atEnd: all.length - moved.length, ms: moved, selected: selected() };
  }

  let isTurning = false;

  /** @returns the longest time, while the wheel turns, in which painted frames had no line in their middle */
  async function turning() {
    isTurning = true;
    let [linesAt, longest] = [performance.now(), 0];
    while (isTurning) {
      const at = await painted();
      const middle = Math.floor((list().scrollTop + list().clientHeight / 2) / rowHeight());
      if (isDrawn(Math.min(middle, loadedRows() - 1))) linesAt = at;
      longest = Math.max(longest, at - linesAt);
    }
    return { blankMs: longest, at: list().scrollTop / rowHeight() };
  }

  const turned = () => {
    isTurning = false;
  };

  return { follow, whole, interactive, seen, listenToKeys, keys, turning, turned, loadedRows };
})();
