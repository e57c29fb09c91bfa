import { Button } from '../design/Button.tsx';
import { exactly, when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';

export interface SessionInfo {
  session_id: string;
  address: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  /** An identity provider has vouched for the person. */
  by_provider?: boolean;
}

interface Props {
  sessions: SessionInfo[];
  /** The one this page is seen in. */
  current?: string | null;
  onEnd: (session: SessionInfo) => void;
}

export function SessionTable({ sessions, current, onEnd }: Props) {
  const sorted = [...sessions].sort(
    (a, b) =>
      Number(b.session_id === current) - Number(a.session_id === current) || b.last_used_at - a.last_used_at,
  );
  const columns: Column<SessionInfo>[] = [
    {
      name: 'From',
      cell: (s) => (
        <span className="cell-main">
          <span className="code">{s.address}</span>
          {s.session_id === current && <span className="tag">This one</span>}
          {s.by_provider === true && <span className="tag">Single sign-on</span>}
        </span>
      ),
    },
    {
      name: 'Signed in',
      className: 'num muted',
      title: (s) => exactly(s.created_at),
      cell: (s) => when(s.created_at),
    },
    {
      name: 'Last used',
      className: 'num muted',
      title: (s) => exactly(s.last_used_at),
      cell: (s) => when(s.last_used_at),
    },
    { name: 'Ends', className: 'num muted', cell: (s) => exactly(s.expires_at) },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (s) =>
        s.session_id === current ? null : (
          <Button
            small
            look="outline"
            aria-label={`End the session from ${s.address}, signed in ${exactly(s.created_at)}`}
            onClick={() => onEnd(s)}
          >
            End
          </Button>
        ),
    },
  ];
  return <Table label="Sessions" columns={columns} rows={sorted} keyOf={(s) => s.session_id} />;
}
