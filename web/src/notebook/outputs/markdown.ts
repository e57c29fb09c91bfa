import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { isAttachment } from './attachment.ts';

const md = new MarkdownIt({ html: true, linkify: true, breaks: false });

/** Notebook text is untrusted: no scripts, styles, forms or event handlers survive, links open elsewhere. */
export function renderMarkdown(source: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(md.render(source), {
    RETURN_DOM_FRAGMENT: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: [
      'style',
      'form',
      'input',
      'button',
      'textarea',
      'select',
      'iframe',
      'object',
      'embed',
      'audio',
      'video',
      'dialog',
      'picture',
      'source',
      'track',
      'map',
      'area',
    ],
    FORBID_ATTR: [
      'style',
      'class',
      'id',
      'name',
      'popover',
      'popovertarget',
      'autofocus',
      'tabindex',
      'srcset',
      'background',
      'poster',
      'usemap',
    ],
    ALLOW_DATA_ATTR: false,
  });
  for (const link of fragment.querySelectorAll('a[href]')) {
    link.setAttribute('rel', 'noopener noreferrer nofollow');
    if (!link.getAttribute('href')?.startsWith('#')) link.setAttribute('target', '_blank');
  }
  for (const image of fragment.querySelectorAll('img')) {
    // A picture must not ask the API anything with the reader's cookie.
    const address = image.getAttribute('src') ?? '';
    if (!address.startsWith('data:image/') && !isAttachment(address)) image.removeAttribute('src');
    image.setAttribute('loading', 'lazy');
    if (!image.hasAttribute('alt')) image.setAttribute('alt', '');
  }
  for (const table of fragment.querySelectorAll('table')) {
    const box = document.createElement('div');
    box.className = 'markdown-table';
    table.replaceWith(box);
    box.append(table);
  }
  return fragment;
}
