/** Who may do what over HTTP. */

/** What a route needs: see data; act on incidents and replay; post records; see original bytes of rejects. */
export type Permission = 'read' | 'act' | 'ingest' | 'bytes';

/** `owner` is whoever can read the data directory, and everybody who logs in with its link. */
export type AccessRole = 'reader' | 'operator' | 'ingest' | 'owner';

/** Who asks. */
export interface Principal {
  /** Name of the token, or of who logged in: the actor in timelines and in the audit. */
  readonly name: string;
  readonly role: AccessRole;
  /** How it came in. */
  readonly origin: 'api' | 'console' | 'cli' | 'ticket';
}

const permissions: Readonly<Record<AccessRole, readonly Permission[]>> = {
  reader: ['read'],
  operator: ['read', 'act', 'bytes'],
  ingest: ['ingest'],
  owner: ['read', 'act', 'bytes', 'ingest'],
};

/**
 * Whether the role may.
 * @example mayDo('ingest', 'read') // false
 * @example mayDo('operator', 'act') // true
 */
export function mayDo(role: AccessRole, permission: Permission): boolean {
  return permissions[role].includes(permission);
}

/**
 * Roles that may, for a hint.
 * @example rolesFor('act') // ['operator']
 */
export function rolesFor(permission: Permission): readonly AccessRole[] {
  return (Object.keys(permissions) as AccessRole[]).filter((role) => role !== 'owner' && mayDo(role, permission));
}
