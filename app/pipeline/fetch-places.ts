/** The places of a source that fetches, with their credentials read from files or the environment. */
import { readFileSync } from 'node:fs';
import { WeirError } from '../../core/errors.ts';
import type { FetchSourceSettings, SftpServerSettings } from '../../core/settings/index.ts';
import type { OpenRemote } from '../../ingest/fetch/remote.ts';
import { secretFile } from '../clickhouse.ts';

export interface Place {
  readonly place: string;
  readonly open: OpenRemote;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The places of a source. Credentials are read when a connection is made: a changed file holds at the next one.
 * @throws WeirError config_invalid when a server names no credentials
 */
export function placesOf(name: string, settings: FetchSourceSettings, environment: Environment): Place[] {
  if (settings.type === 'sftp')
    return settings.servers.map((server, at) => sftpPlace(`sources.${name}.servers.${at}`, settings, server, environment));
  const place = `s3://${settings.bucket}`;
  return [
    {
      place,
      open: async (signal) => {
        const { openS3 } = await import('../../ingest/s3/client.ts');
        return openS3(
          { ...settings, timeoutMs: settings.timeoutSeconds * 1000, credentials: () => s3Credentials(name, settings, environment) },
          signal,
        );
      },
    },
  ];
}

function sftpPlace(
  path: string,
  settings: Extract<FetchSourceSettings, { type: 'sftp' }>,
  server: SftpServerSettings,
  environment: Environment,
): Place {
  if (!server.keyFile && !server.passwordFile && !server.passwordEnv)
    throw new WeirError('config_invalid', `${path}: neither key nor password`, {
      place: path,
      hint: 'Add keyFile, passwordFile or passwordEnv.',
    });
  return {
    place: `sftp://${server.host}:${server.port}`,
    open: async (signal) => {
      const password = secretOf(path, 'password', server.passwordFile, server.passwordEnv, environment);
      const passphrase = secretOf(path, 'passphrase', server.passphraseFile, server.passphraseEnv, environment);
      const { openSftp } = await import('../../ingest/sftp/client.ts');
      return openSftp(
        {
          host: server.host,
          port: server.port,
          user: server.user,
          hostKeys: typeof server.hostKey === 'string' ? [server.hostKey] : server.hostKey,
          directory: settings.directory,
          timeoutMs: settings.timeoutSeconds * 1000,
          ...(password === undefined ? {} : { password }),
          ...(passphrase === undefined ? {} : { passphrase }),
          ...(server.keyFile ? { privateKey: wholeFile(server.keyFile) } : {}),
        },
        signal,
      );
    },
  };
}

/** A secret from its file or its environment variable; undefined when neither is named. */
export function secretOf(
  path: string,
  what: string,
  file: string | undefined,
  variable: string | undefined,
  environment: Environment,
): string | undefined {
  if (file) return secretFile(file);
  if (!variable) return undefined;
  const value = environment[variable];
  if (!value)
    throw new WeirError('config_invalid', `${path}.${what}Env: the environment has no ${variable}`, {
      place: `${path}.${what}Env`,
      hint: 'Set it where Weir is started.',
    });
  return value;
}

function s3Credentials(
  name: string,
  settings: Extract<FetchSourceSettings, { type: 's3' }>,
  environment: Environment,
): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
  const lines = settings.credentialsFile
    ? wholeFile(settings.credentialsFile)
        .split(/\r?\n/)
        .map((line) => line.trim())
    : [environment[settings.accessKeyEnv] ?? '', environment[settings.secretKeyEnv] ?? '', environment[settings.sessionTokenEnv] ?? ''];
  const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = lines;
  if (!accessKeyId || !secretAccessKey)
    throw new WeirError('config_invalid', `sources.${name}: no credentials`, {
      place: `sources.${name}`,
      hint: settings.credentialsFile
        ? `${settings.credentialsFile} must hold the access key id and the secret key, one a line.`
        : `Add credentialsFile, or set ${settings.accessKeyEnv} and ${settings.secretKeyEnv}.`,
    });
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** A file as text. @throws WeirError config_unreadable */
export function wholeFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WeirError('config_unreadable', `${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`, {
      place: path,
      hint: 'The file must exist and be readable by the user that runs Weir.',
    });
  }
}
