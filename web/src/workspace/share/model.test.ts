import { describe, expect, it } from 'vitest';
import { entryOf, type Holder, inherited, type Sharing, shutsOut, sourceWords, without } from './model.ts';

const grant = (level: Holder['permission_level'], id: number, path: string) => ({
  permission_level: level,
  reason: 'GRANT' as const,
  object_id: id,
  path,
});

const holder = (part: Partial<Holder>): Holder => ({
  kind: 'USER',
  name: 'ada',
  display_name: 'Ada',
  permission_level: 'CAN_MANAGE',
  direct: true,
  includes_you: false,
  sources: [],
  ...part,
});

const sharing = (holders: Holder[]): Sharing => ({
  object_id: 7,
  object_type: 'NOTEBOOK',
  path: '/Shared/team/plan',
  permissions_id: '/notebooks/7',
  permission: 'CAN_MANAGE',
  can_manage: true,
  permission_levels: [],
  holders,
});

describe('shutsOut', () => {
  const me = holder({ includes_you: true, sources: [grant('CAN_MANAGE', 7, '/Shared/team/plan')] });

  it('is said of the only right to manage', () => {
    expect(shutsOut(sharing([me]), me, 'CAN_EDIT')).toBe(true);
    expect(shutsOut(sharing([me]), me, null)).toBe(true);
    expect(shutsOut(sharing([me]), me, 'CAN_MANAGE')).toBe(false);
  });

  it('is not said when a group or a folder gives it too', () => {
    const group = holder({
      kind: 'GROUP',
      name: 'team',
      includes_you: true,
      sources: [grant('CAN_MANAGE', 3, '/Shared/team')],
    });
    expect(shutsOut(sharing([me, group]), me, null)).toBe(false);
    const both = holder({
      includes_you: true,
      sources: [grant('CAN_MANAGE', 7, '/Shared/team/plan'), grant('CAN_MANAGE', 3, '/Shared/team')],
    });
    expect(shutsOut(sharing([both]), both, null)).toBe(false);
  });

  it('is said although another person manages it, or a group gives less', () => {
    const other = holder({ name: 'grace', sources: [grant('CAN_MANAGE', 7, '/Shared/team/plan')] });
    const group = holder({
      kind: 'GROUP',
      name: 'team',
      includes_you: true,
      sources: [grant('CAN_EDIT', 3, '/Shared/team')],
    });
    expect(shutsOut(sharing([me, other, group]), me, 'CAN_RUN')).toBe(true);
    expect(shutsOut(sharing([me, other]), other, null)).toBe(false);
  });
});

describe('the rest of the list', () => {
  const list = [
    { user_name: 'ada', all_permissions: [{ permission_level: 'CAN_MANAGE' as const, inherited: false }] },
    { group_name: 'ada', all_permissions: [{ permission_level: 'CAN_RUN' as const, inherited: false }] },
    {
      service_principal_name: 'robot',
      all_permissions: [{ permission_level: 'CAN_READ' as const, inherited: true }],
    },
  ];

  it('has every other direct grant, and nothing that is inherited', () => {
    expect(without(list, { kind: 'USER', name: 'ada' })).toEqual([
      { group_name: 'ada', permission_level: 'CAN_RUN' },
    ]);
    expect(without(list, { kind: 'GROUP', name: 'ada' })).toEqual([
      { user_name: 'ada', permission_level: 'CAN_MANAGE' },
    ]);
  });

  it('names a principal by its kind', () => {
    expect(entryOf({ kind: 'SERVICE_PRINCIPAL', name: 'x' }, 'CAN_RUN')).toEqual({
      service_principal_name: 'x',
      permission_level: 'CAN_RUN',
    });
  });
});

describe('sources', () => {
  it('tell what is given here from what comes from elsewhere', () => {
    const here = grant('CAN_RUN', 7, '/Shared/team/plan');
    const above = grant('CAN_EDIT', 3, '/Shared/team');
    const both = holder({ sources: [here, above] });
    expect(inherited(sharing([both]), both)).toEqual([above]);
    expect(sourceWords(sharing([both]), { ...above, reason: 'OWNER' })).toBe('Owner of the home folder');
    expect(sourceWords(sharing([both]), { ...here, reason: 'OWNER' })).toBe('Owner');
  });
});
