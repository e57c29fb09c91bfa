import {
  BriefcaseBusiness,
  Cpu,
  Database,
  FolderTree,
  House,
  LayoutDashboard,
  type LucideIcon,
  SquareTerminal,
  Wrench,
} from 'lucide-react';
import { match } from './router.ts';
import { routes } from './routes.tsx';

export interface Place {
  href: string;
  name: string;
  icon: LucideIcon;
  admin?: boolean;
}

const ALL: Place[] = [
  { href: '/', name: 'Home', icon: House },
  { href: '/browse', name: 'Workspace', icon: FolderTree },
  { href: '/explore/data', name: 'Catalog', icon: Database },
  { href: '/compute/clusters', name: 'Compute', icon: Cpu },
  { href: '/jobs', name: 'Jobs', icon: BriefcaseBusiness },
  { href: '/sql/warehouses', name: 'SQL', icon: SquareTerminal },
  { href: '/dashboards', name: 'Dashboards', icon: LayoutDashboard },
  { href: '/admin/users', name: 'Admin', icon: Wrench, admin: true },
];

/** Where the navigation leads: to pages that are built, and that the person may see. */
export function placesFor(admin: boolean): Place[] {
  return ALL.filter((place) => (admin || !place.admin) && built(place.href));
}

function built(href: string): boolean {
  return routes.find(([pattern]) => match(pattern, href))?.[1].kind === 'page';
}
