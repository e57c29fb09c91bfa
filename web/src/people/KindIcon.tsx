import { Bot, User, Users } from 'lucide-react';
import type { Kind } from './search.ts';

const ICONS = { USER: User, GROUP: Users, SERVICE_PRINCIPAL: Bot };
export const KIND_WORDS: Record<Kind, string> = {
  USER: 'User',
  GROUP: 'Group',
  SERVICE_PRINCIPAL: 'Service principal',
};

export function KindIcon({ kind }: { kind: Kind }) {
  const Icon = ICONS[kind];
  return <Icon size={16} aria-hidden="true" className="kind-icon" />;
}
