// @vitest-environment jsdom
// The sanitiser relies on a faithful DOM: happy-dom's is not.
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';

describe('renderMarkdown', () => {
  const html = (source: string): string => {
    const box = document.createElement('div');
    box.append(renderMarkdown(source));
    return box.innerHTML;
  };

  it('renders tables, code and links that open elsewhere', () => {
    const out = html('# T\n\n`x` [a](https://example.org)\n\n|a|\n|-|\n|1|');
    expect(out).toContain('<h1>T</h1>');
    expect(out).toContain('<code>x</code>');
    expect(out).toContain('rel="noopener noreferrer nofollow"');
    expect(out).toContain('target="_blank"');
    expect(out).toContain('<td>1</td>');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe src="https://example.org"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<form action="/api/campanile/v1/logout"><button>x</button></form>',
    '<style>body{display:none}</style>',
    '<svg><script>alert(1)</script></svg>',
    '<div data-testid="save-state" id="main" class="dialog" style="position:fixed">x</div>',
  ])('lets nothing active through: %s', (source) => {
    expect(html(source)).not.toMatch(
      /<script|onerror|<iframe|javascript:|<form|<button|<style|<svg|data-testid|style=|id=|class="dialog/i,
    );
  });

  it.each([
    '<img src="/api/2.0/token/list">',
    '![x](/api/2.0/token/list)',
    '![x](//example.org/x.png)',
    '<img src="data:image/png;base64,AA==" srcset="/api/2.0/token/list 2x">',
    '<picture><source srcset="/api/2.0/token/list"><img></picture>',
    '<table background="/api/2.0/token/list"><tr><td background="/api/2.0/token/list">x</td></tr></table>',
  ])('asks nobody for anything: %s', (source) => {
    expect(html(source)).not.toMatch(/\/api\/|example\.org/);
  });

  it('shows pictures of the notebook itself', () => {
    const attached = `/api/campanile/v1/notebooks/12/attachments/${'0a'.repeat(32)}`;
    expect(html(`![x](${attached})`)).toContain(attached);
    expect(html('![x](data:image/png;base64,AA==)')).toContain('data:image/png;base64,AA==');
  });
});
