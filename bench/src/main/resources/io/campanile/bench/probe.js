// Runs in every measured page before its own scripts. `SITE` is put in front of it: the selectors of the page's parts.
// A thing counts as painted in the task after the frame in which it was first in the document.
(() => {
  const probe = { longTasks: [], keys: [], runs: [], seen: {} };
  window.campanileProbe = probe;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) probe.longTasks.push([entry.startTime, entry.duration]);
  }).observe({ type: 'longtask', buffered: true });

  const afterPaint = (done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  };
  /** Looks once a frame; `done` gets the time at which what `holds` saw was painted. */
  const whenPainted = (holds, done) => {
    const look = () => (holds() ? afterPaint(done) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  };
  const shows = (element) =>
    element !== null && element.getBoundingClientRect().height > 0 && element.textContent.trim() !== '';

  probe.watch = (name, selector) =>
    whenPainted(
      () => shows(document.querySelector(selector)),
      (time) => {
        probe.seen[name] = time;
      },
    );
  probe.watch('cell', SITE.cell);

  document.addEventListener(
    'keydown',
    (event) => {
      const began = event.timeStamp;
      if (event.key === 'Enter' && event.shiftKey) {
        const cell = document.querySelector(SITE.selected);
        whenPainted(
          () => shows(cell.querySelector(SITE.output)),
          (time) => probe.runs.push(time - began),
        );
      } else if (event.key.length === 1 && !event.ctrlKey) {
        const text = () => document.querySelector(SITE.editor)?.textContent;
        const before = text();
        whenPainted(
          () => text() !== before,
          (time) => probe.keys.push(time - began),
        );
      }
    },
    true,
  );

  /** Milliseconds between frames while `step` is called in each of `count` of them. */
  probe.frames = (count, step) =>
    new Promise((done) => {
      const times = [];
      let last = null;
      const frame = (now) => {
        if (last !== null) times.push(now - last);
        last = now;
        if (times.length >= count) done(times);
        else {
          step(times.length);
          requestAnimationFrame(frame);
        }
      };
      requestAnimationFrame(frame);
    });
})();
