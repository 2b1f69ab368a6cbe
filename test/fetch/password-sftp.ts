/** An SFTP server that lets in by password, which OpenSSH does for accounts of the machine only: the server of ssh2 over one real directory. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import ssh2 from 'ssh2';

export interface PasswordSftp {
  readonly port: number;
  readonly hostKey: string;
  /** Logins that were refused so far. */
  readonly refused: () => number;
  stop(): Promise<void>;
}

const {
  utils: {
    sftp: { STATUS_CODE, OPEN_MODE },
  },
} = ssh2;

/** Serves `directory` as its root, to read only. */
export async function startPasswordSftp(directory: string, user: string, password: string): Promise<PasswordSftp> {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  let refused = 0;
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method === 'password' && context.username === user && context.password === password) return context.accept();
      if (context.method === 'password') refused++;
      context.reject(['password']);
    });
    client.on('ready', () =>
      client.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serve(acceptSftp(), directory));
      }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const blob = Buffer.from(key.public.split(' ')[1] ?? '', 'base64');
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    refused: () => refused,
    async stop() {
      for (const client of clients) client.end();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function serve(sftp: ssh2.SFTPWrapper, root: string): void {
  const handles = new Map<number, FileHandle | string[]>();
  let next = 0;
  const local = (path: string): string => join(root, resolve('/', path));
  const keep = (id: number, what: FileHandle | string[]): void => {
    handles.set(next, what);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next++);
    sftp.handle(id, handle);
  };
  const given = (handle: Buffer) => handles.get(handle.readUInt32BE());
  const answer = (id: number, work: () => Promise<void>): void => {
    work().catch((error: NodeJS.ErrnoException) =>
      sftp.status(id, error.code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE),
    );
  };
  const attributes = async (path: string): Promise<ssh2.Attributes> => {
    const { mode, uid, gid, size, atimeMs, mtimeMs } = await stat(path);
    return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
  };
  sftp.on('REALPATH', (id, path) => {
    const filename = resolve('/', path);
    sftp.name(id, [{ filename, longname: filename, attrs: {} as ssh2.Attributes }]);
  });
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () =>
      keep(
        id,
        (await readdir(local(path))).map((name) => join(local(path), name)),
      ),
    ),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const some = (given(handle) as string[]).splice(0, 100);
      if (some.length === 0) return void sftp.status(id, STATUS_CODE.EOF);
      const names = await Promise.all(
        some.map(async (path) => {
          const filename = path.slice(path.lastIndexOf('/') + 1);
          return { filename, longname: filename, attrs: await attributes(path) };
        }),
      );
      sftp.name(id, names);
    }),
  );
  const facts = (id: number, path: string): void => answer(id, async () => void sftp.attrs(id, await attributes(local(path))));
  sftp.on('STAT', facts);
  sftp.on('LSTAT', facts);
  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      if (flags !== OPEN_MODE.READ) return void sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
      keep(id, await open(local(path), constants.O_RDONLY));
    }),
  );
  sftp.on('READ', (id, handle, at, length) =>
    answer(id, async () => {
      const { buffer, bytesRead } = await (given(handle) as FileHandle).read(Buffer.alloc(length), 0, length, at);
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      const what = given(handle);
      handles.delete(handle.readUInt32BE());
      if (what && !Array.isArray(what)) await what.close();
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
}
