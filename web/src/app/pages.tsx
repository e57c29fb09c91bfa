import { useEffect } from 'react';
import { Link } from './Link.tsx';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Campanile' : `${title} · Campanile`;
  }, [title]);
}

export function NotBuilt({ heading }: { heading: string }) {
  useTitle(heading);
  return (
    <main className="page" id="main" tabIndex={-1}>
      <h1>{heading}</h1>
      <p className="muted">Not built yet</p>
    </main>
  );
}

export function NotFound() {
  useTitle('Page not found');
  return (
    <main className="page" id="main" tabIndex={-1}>
      <h1>Page not found</h1>
      <p>Nothing lives at this address.</p>
      <p>
        <Link href="/">Go to the home page</Link>
      </p>
    </main>
  );
}
