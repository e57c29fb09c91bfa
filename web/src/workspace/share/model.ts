import { call } from '../../api/client.ts';
import type { Candidate, Kind } from '../../people/search.ts';

/** Who may do what on an object, as section 4 of docs/contracts.md has it. */
export type Level = 'CAN_READ' | 'CAN_RUN' | 'CAN_EDIT' | 'CAN_MANAGE';

export interface Source {
  permission_level: Level;
  reason: 'GRANT' | 'OWNER' | 'EVERYBODY' | 'ADMINS';
  object_id: number;
  path: string;
}

export interface Holder {
  kind: Kind;
  name: string;
  display_name: string;
  permission_level: Level;
  direct: boolean;
  includes_you: boolean;
  sources: Source[];
}

export interface Sharing {
  object_id: number;
  object_type: string;
  path: string;
  permissions_id: string;
  permission: string;
  can_manage: boolean;
  permission_levels: { permission_level: Level; description: string }[];
  holders: Holder[];
}

const ORDER: Level[] = ['CAN_READ', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE'];
export const LEVEL_WORDS: Record<Level, string> = {
  CAN_READ: 'Can view',
  CAN_RUN: 'Can run',
  CAN_EDIT: 'Can edit',
  CAN_MANAGE: 'Can manage',
};

export function includes(one: Level, other: Level): boolean {
  return ORDER.indexOf(one) >= ORDER.indexOf(other);
}

/** The grant on the object itself, the only one that can be changed here. */
export function grantOf(sharing: Sharing, holder: Holder): Source | undefined {
  return holder.sources.find((s) => s.reason === 'GRANT' && s.object_id === sharing.object_id);
}

/** What a holder has from elsewhere. */
export function inherited(sharing: Sharing, holder: Holder): Source[] {
  const own = grantOf(sharing, holder);
  return holder.sources.filter((s) => s !== own);
}

/** Where a right comes from that is not given on the object itself. */
export function sourceWords(sharing: Sharing, source: Source): string {
  const here = source.object_id === sharing.object_id;
  if (source.reason === 'ADMINS') return 'Administrators manage everything';
  if (source.reason === 'OWNER') return here ? 'Owner' : 'Owner of the home folder';
  if (source.reason === 'EVERYBODY') return 'Everybody in this workspace';
  return 'Inherited';
}

/**
 * Whether the caller would lose the right to manage if this holder's own grant became `level` (null: none). Whoever
 * shuts himself out cannot come back by himself; the server refuses it, the dialog says so beforehand.
 */
export function shutsOut(sharing: Sharing, holder: Holder, level: Level | null): boolean {
  if (!holder.includes_you || level === 'CAN_MANAGE') return false;
  const changed = grantOf(sharing, holder);
  if (changed?.permission_level !== 'CAN_MANAGE') return false;
  return !sharing.holders.some(
    (h) =>
      h.includes_you && h.sources.some((s) => s !== changed && includes(s.permission_level, 'CAN_MANAGE')),
  );
}

export interface Entry {
  user_name?: string;
  group_name?: string;
  service_principal_name?: string;
  permission_level: Level;
}

export function entryOf(who: { kind: Kind; name: string }, level: Level): Entry {
  const name =
    who.kind === 'USER'
      ? { user_name: who.name }
      : who.kind === 'GROUP'
        ? { group_name: who.name }
        : { service_principal_name: who.name };
  return { ...name, permission_level: level };
}

interface Listed {
  user_name?: string;
  group_name?: string;
  service_principal_name?: string;
  all_permissions: { permission_level: Level; inherited: boolean }[];
}

/** The direct grants of a permissions answer, all but one principal's. */
export function without(list: Listed[], who: { kind: Kind; name: string }): Entry[] {
  const gone = entryOf(who, 'CAN_READ');
  return list.flatMap(({ all_permissions, ...named }) => {
    const own = all_permissions.find((p) => !p.inherited);
    if (!own) return [];
    const { user_name, group_name, service_principal_name } = named;
    if (user_name !== undefined && user_name === gone.user_name) return [];
    if (group_name !== undefined && group_name === gone.group_name) return [];
    if (service_principal_name !== undefined && service_principal_name === gone.service_principal_name)
      return [];
    return [
      {
        ...(user_name === undefined ? {} : { user_name }),
        ...(group_name === undefined ? {} : { group_name }),
        ...(service_principal_name === undefined ? {} : { service_principal_name }),
        permission_level: own.permission_level,
      },
    ];
  });
}

export function loadSharing(objectId: string | number): Promise<Sharing> {
  return call<Sharing>(`/api/campanile/v1/objects/${encodeURIComponent(objectId)}/permissions`);
}

const address = (sharing: Sharing): string => `/api/2.0/permissions${sharing.permissions_id}`;

export async function give(sharing: Sharing, whom: Candidate[] | Holder[], level: Level): Promise<void> {
  await call(address(sharing), {
    method: 'PATCH',
    body: { access_control_list: whom.map((w) => entryOf(w, level)) },
  });
}

/** There is no call that takes one grant away: the others are read anew and put. */
export async function take(sharing: Sharing, holder: Holder): Promise<void> {
  const now = await call<{ access_control_list: Listed[] }>(address(sharing));
  await call(address(sharing), {
    method: 'PUT',
    body: { access_control_list: without(now.access_control_list, holder) },
  });
}
