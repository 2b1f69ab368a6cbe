/** A real SMTP server on loopback that keeps what it gets. For tests. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { EmailSettings } from '../notify/email.ts';
import { defaultTexts as texts } from '../notify/template.ts';
import { testCertificate } from './certificate.ts';

export interface Mail {
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly raw: string;
}

export interface MailServer {
  readonly mails: Mail[];
  /** How a target reaches it. */
  readonly settings: EmailSettings;
  stop(): Promise<void>;
}

/** Starts one on a free port; its user `weir` has the password `right`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const { key, cert } = testCertificate();
  const mails: Mail[] = [];
  const server = new SMTPServer({
    key,
    cert,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('Invalid username or password')),
    onData: (stream, session, done) => {
      let raw = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        raw += chunk;
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), secure: session.secure, user: session.user, raw });
        done();
      });
    },
    ...options,
  });
  // A client that breaks off is part of these tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    mails,
    settings: {
      name: 'mail',
      host: 'localhost',
      port: (server.server.address() as AddressInfo).port,
      tls: 'starttls',
      ca: cert,
      user: 'weir',
      password: 'right',
      from: 'Weir <weir@operator.example>',
      to: ['noc@operator.example', 'ra@operator.example'],
      timeoutMs: 10_000,
      texts,
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
