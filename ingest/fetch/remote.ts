/** What a place that holds files over there can do: the border between the protocols (sftp, s3) and the one that runs them. */

/** A file over there. Two with the same url, bytes, modifiedAt and version are taken for one and the same. */
export interface RemoteFile {
  /** Where it lies, without credentials: `sftp://host:22/out/calls.csv`, `s3://bucket/calls.csv`. */
  readonly url: string;
  /** As the server calls it. */
  readonly path: string;
  /** Name without directories. */
  readonly name: string;
  readonly bytes: number;
  /** By the clock over there, ms since 1970. */
  readonly modifiedAt: number;
  /** What else tells one content from another: entity tag, version id; empty where there is nothing. */
  readonly version: string;
}

/** One look at what is there. */
export interface RemoteListing {
  readonly files: readonly RemoteFile[];
  /** How far the clock over there is ahead of ours, in ms, where it can be told; behind = negative. */
  readonly aheadMs: number | undefined;
}

/** How a stored file is put away. */
export interface PutAway {
  readonly after: 'move' | 'delete';
  readonly moveTo: string | undefined;
}

/** An open connection to one place. Its failures are WeirErrors `source_…`, `host_key_other`. */
export interface Remote {
  /** Without credentials: `sftp://host:22`. */
  readonly place: string;
  list(): Promise<RemoteListing>;
  /** The bytes from an offset on, in order. @throws WeirError source_changed when it is not the listed file any more */
  read(file: RemoteFile, from: number): AsyncIterable<Uint8Array>;
  /** Whether what is there now is still what was listed. */
  unchanged(file: RemoteFile): Promise<boolean>;
  putAway(file: RemoteFile, how: PutAway): Promise<void>;
  close(): Promise<void>;
}

/** Opens a connection; a failed one is opened anew. */
export type OpenRemote = (signal: AbortSignal) => Promise<Remote>;
