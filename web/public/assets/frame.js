// Runs inside the sandboxed frame of an HTML output and tells the page how tall the content is.
(() => {
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ campanileFrameHeight: height }, '*');
  };
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener('load', tell);
  tell();
})();
