import { keyNames } from '../../app/commands.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { SHORTCUTS } from './shortcutTable.ts';

const GROUPS = ['Run', 'Move', 'Cells', 'View', 'Kernel'] as const;
const ARROWS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓' };

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide>
      <ShortcutTable />
      <div className="dialog-actions">
        <Button look="primary" autoFocus onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

export function ShortcutTable() {
  return (
    <div className="keys">
      <p className="muted">
        Single letters act while a cell has the focus, not its text: Escape leaves the text, Enter goes back
        in.
      </p>
      <div className="keys-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((s) => s.group === group).map((s) => (
                <div key={s.id} className="keys-row">
                  <dt>{s.name}</dt>
                  <dd>
                    {s.keys.map((keys, i) => (
                      <span key={keys} className="keys-one">
                        {i > 0 && <span className="muted">or</span>}
                        {keys.split(' ').map((stroke, j) => (
                          <Stroke key={`${stroke}${j}`} stroke={stroke} />
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>
  );
}

function Stroke({ stroke }: { stroke: string }) {
  return (
    <>
      {keyNames(stroke).map((k) => (
        <kbd key={k} className="kbd">
          {ARROWS[k] ?? k}
        </kbd>
      ))}
    </>
  );
}
