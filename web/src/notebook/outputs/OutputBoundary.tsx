import { Component, type ReactNode } from 'react';

/** An output that cannot be shown stays alone with that: the notebook around it must open, or nobody can delete it. */
export class OutputBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <p className="muted">This output cannot be shown.</p> : this.props.children;
  }
}
