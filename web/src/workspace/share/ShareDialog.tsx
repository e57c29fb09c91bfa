import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { invalidate, useResource } from '../../api/resource.ts';
import { Link } from '../../app/Link.tsx';
import { Answered } from '../../design/Answered.tsx';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Menu, type MenuEntry } from '../../design/Menu.tsx';
import { type Act, useChanges } from '../../people/changes.tsx';
import { KIND_WORDS, KindIcon } from '../../people/KindIcon.tsx';
import { PeoplePicker } from '../../people/PeoplePicker.tsx';
import type { Candidate } from '../../people/search.ts';
import {
  give,
  grantOf,
  type Holder,
  inherited,
  LEVEL_WORDS,
  type Level,
  loadSharing,
  type Sharing,
  type Source,
  shutsOut,
  sourceWords,
  take,
} from './model.ts';
import '../../people/share.css';

interface Props {
  objectId: string | number;
  name: string;
  onClose: () => void;
}

/** Who has what on an object and from where; whoever manages it changes what was given on it. */
export function ShareDialog({ objectId, name, onClose }: Props) {
  const { state, reload } = useResource(`sharing/${objectId}`, () => loadSharing(objectId));
  const { act, failure, said } = useChanges(async () => {
    await reload();
    invalidate('folder');
  });
  return (
    <Dialog title={`Share “${name}”`} onClose={onClose} className="share">
      <Answered state={state}>
        {(sharing) => (
          <div className="share-parts">
            {sharing.can_manage ? (
              <Add sharing={sharing} act={act} />
            ) : (
              <p className="muted">You can see who has access. Only those who can manage it change that.</p>
            )}
            {failure}
            <Holders sharing={sharing} act={act} onLeave={onClose} />
          </div>
        )}
      </Answered>
      {said}
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

function levelEntries(sharing: Sharing, now: Level | null, choose: (level: Level) => void): MenuEntry[] {
  return sharing.permission_levels.map((l) => ({
    label: LEVEL_WORDS[l.permission_level],
    checked: l.permission_level === now,
    action: () => choose(l.permission_level),
  }));
}

function Add({ sharing, act }: { sharing: Sharing; act: Act }) {
  const [chosen, setChosen] = useState<Candidate[]>([]);
  const [level, setLevel] = useState<Level>('CAN_EDIT');
  const add = async (): Promise<void> => {
    const names = chosen.map((c) => c.display).join(', ');
    if (await act(give(sharing, chosen, level), `${names}: ${LEVEL_WORDS[level]}`)) setChosen([]);
  };
  return (
    <div className="share-add">
      <PeoplePicker
        label="Add people, groups or service principals"
        chosen={chosen}
        without={(c) =>
          sharing.holders.some((h) => h.direct && h.kind === c.kind && h.name === c.name) ||
          (c.kind === 'GROUP' && c.name === 'admins')
        }
        onChange={setChosen}
        autoFocus
      />
      <Menu
        label={`What they can do: ${LEVEL_WORDS[level]}`}
        className="btn btn-outline"
        align="end"
        trigger={
          <>
            {LEVEL_WORDS[level]}
            <ChevronDown size={13} aria-hidden="true" />
          </>
        }
        entries={() => levelEntries(sharing, level, setLevel)}
      />
      <Button look="primary" disabled={chosen.length === 0} onClick={() => void add()}>
        Add
      </Button>
    </div>
  );
}

interface HoldersProps {
  sharing: Sharing;
  act: Act;
  onLeave: () => void;
}

function Holders({ sharing, act, onLeave }: HoldersProps) {
  return (
    <section aria-label="Who has access">
      <h3 className="share-title">Who has access</h3>
      {sharing.holders.length === 0 && <p className="muted">Nobody but the administrators.</p>}
      <ul className="share-list" data-testid="share-list">
        {sharing.holders.map((h) => (
          <Row key={`${h.kind}/${h.name}`} sharing={sharing} holder={h} act={act} onLeave={onLeave} />
        ))}
      </ul>
    </section>
  );
}

function Row({ sharing, holder, act, onLeave }: HoldersProps & { holder: Holder }) {
  const own = grantOf(sharing, holder);
  const rest = inherited(sharing, holder);
  const locked = shutsOut(sharing, holder, null);
  const shown = holder.display_name || holder.name;
  return (
    <li className="share-row">
      <KindIcon kind={holder.kind} />
      <div className="share-who">
        <span className="share-name">
          <span className="ellipsis">{shown}</span>
          {holder.includes_you && (
            <span className="tag">{holder.kind === 'USER' ? 'You' : 'You are in it'}</span>
          )}
        </span>
        <span className="share-note ellipsis">
          {holder.kind === 'USER' ? holder.name : KIND_WORDS[holder.kind]}
        </span>
        {rest.map((s) => (
          <From
            key={`${s.reason}${s.object_id}`}
            sharing={sharing}
            source={s}
            also={own !== undefined}
            onLeave={onLeave}
          />
        ))}
        {locked && sharing.can_manage && (
          <span className="share-note">
            This is your only right to manage it: somebody else who manages it can change it.
          </span>
        )}
      </div>
      {own && sharing.can_manage && !locked ? (
        <OwnLevel sharing={sharing} holder={holder} level={own.permission_level} act={act} />
      ) : (
        <span className="share-level">{LEVEL_WORDS[holder.permission_level]}</span>
      )}
    </li>
  );
}

interface FromProps {
  sharing: Sharing;
  source: Source;
  also: boolean;
  onLeave: () => void;
}

/** A right from elsewhere, with the way there: it is changed where it was given. */
function From({ sharing, source, also, onLeave }: FromProps) {
  const words = sourceWords(sharing, source);
  const folder = source.reason === 'GRANT';
  return (
    <span className="share-note">
      {also && `Also ${LEVEL_WORDS[source.permission_level].toLowerCase()}: `}
      {folder ? 'From ' : words}
      {folder && (
        <Link href={`/browse/folders/${source.object_id}`} onClick={onLeave}>
          {source.path}
        </Link>
      )}
    </span>
  );
}

interface LevelProps {
  sharing: Sharing;
  holder: Holder;
  level: Level;
  act: Act;
}

function OwnLevel({ sharing, holder, level, act }: LevelProps) {
  const shown = holder.display_name || holder.name;
  const entries = (): MenuEntry[] => [
    ...levelEntries(sharing, level, (next) => {
      if (next !== level) void act(give(sharing, [holder], next), `${shown}: ${LEVEL_WORDS[next]}`);
    }),
    { kind: 'line' },
    {
      label: 'Remove access',
      danger: true,
      action: () => void act(take(sharing, holder), `${shown} has no access of its own any more`),
    },
  ];
  return (
    <Menu
      label={`${shown}: ${LEVEL_WORDS[level]}`}
      className="btn btn-small share-menu"
      align="end"
      trigger={
        <>
          {LEVEL_WORDS[level]}
          <ChevronDown size={13} aria-hidden="true" />
        </>
      }
      entries={entries}
    />
  );
}
