import { Component, type ReactNode } from 'react';
import { Button } from '../design/Button.tsx';

interface Props {
  resetKey: string;
  children: ReactNode;
}

/** What browsers say when a part of the application does not come; each has its own words. */
function isLoadFailure(error: Error): boolean {
  return /dynamically imported module|importing a module script failed|unable to preload css/i.test(
    error.message,
  );
}

/** One broken page does not take the shell with it. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override componentDidUpdate(previous: Props): void {
    if (this.state.error && previous.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    if (isLoadFailure(this.state.error)) {
      return (
        <main className="page">
          <h1>This page could not be loaded</h1>
          <p className="muted">
            The server cannot be reached, or it was updated meanwhile. What you typed into a notebook is kept.
          </p>
          <Button look="primary" onClick={() => location.reload()}>
            Try again
          </Button>
        </main>
      );
    }
    return (
      <main className="page">
        <h1>This page broke</h1>
        <p className="muted">What you typed into a notebook is kept. Reloading usually helps.</p>
        <pre className="broken code">{this.state.error.message}</pre>
        <Button look="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </main>
    );
  }
}
