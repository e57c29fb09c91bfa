// Runs inside the sandboxed frame of an HTML output: shows the HTML and tells the page how tall it is.
(() => {
  const html = document.body.dataset.html ?? '';
  document.body.removeAttribute('data-html');
  document.body.innerHTML = html;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ campanileFrameHeight: height }, '*');
  };
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener('load', tell);
  tell();
})();
