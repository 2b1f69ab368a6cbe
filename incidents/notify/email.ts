/**
 * E-mail over SMTP. Each transition is a message whose id is the transition's, so that a repetition is known by it; all messages of an incident refer to one
 * thread. A reply 4xx is asked again, 5xx is not; a login that fails is asked again, since a person mends it.
 * Source: RFC 5321 4.2.1 (replies), RFC 5322 3.6.4 (threads), RFC 3834 (automatic messages).
 */
import { createHash } from 'node:crypto';
import type { Incident } from '../../core/incident.ts';
import { transitionId } from '../transition.ts';
import type { Answer } from './answer.ts';
import { cutEscaped, htmlText, oneLine } from './cut.ts';
import type { Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { linkOf, wordsOf } from './words.ts';

export interface EmailSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** starttls: required before anything is said; implicit: from the first byte; none: only for a server on the same machine. */
  readonly tls: 'starttls' | 'implicit' | 'none';
  /** Certificate authority of the server, PEM; empty = those of the system. */
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
  readonly texts: Texts;
}

/** Lengths, in characters: of the subject, and of each of the two bodies. */
export const emailLimits = { subject: 200, text: 20_000, html: 60_000 } as const;

export interface Email {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly references: string;
  readonly inReplyTo: string;
  readonly date: Date;
  readonly priority: 'high' | 'normal' | 'low';
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/** The message of one transition. */
export function emailOf(settings: EmailSettings, incident: Incident): Email {
  const words = wordsOf(incident);
  const thread = `<${idPart(incident.incident_id)}@${domainOf(settings.from)}>`;
  const text = renderTemplate(settings.texts.text, words, emailLimits.text);
  const link = linkOf(incident);
  const subject = oneLine(renderTemplate(settings.texts.title, words, 1_000), emailLimits.subject) || 'Weir incident';
  return {
    from: settings.from,
    to: settings.to,
    subject,
    messageId: `<${idPart(transitionId(incident))}@${domainOf(settings.from)}>`,
    references: thread,
    inReplyTo: thread,
    date: new Date(incident.updated_at),
    priority: incident.severity <= 2 ? 'high' : incident.severity === 5 ? 'low' : 'normal',
    headers: {
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'x-weir-incident': idPart(incident.incident_id),
    },
    text,
    html: `<!doctype html><meta charset="utf-8"><h3 dir="auto">${htmlText(subject)}</h3><div dir="auto" style="white-space:pre-wrap">${cutEscaped(
      text,
      emailLimits.html,
      htmlText,
    )}</div>${link === '' ? '' : `<p><a href="${htmlText(link)}">Open in Weir</a></p>`}`,
  };
}

/** An identity as a part of a message id: a text that could not stand there is hashed. */
function idPart(id: string): string {
  return /^[\w.-]{1,100}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 32);
}

/** Domain of a mailbox, for ids. */
export function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(address)?.[1] ?? 'weir.invalid';
}

/** Errors that stand until a person mends the login or the encryption of the server. */
const mended = new Set(['EAUTH', 'ETLS', 'EOAUTH2']);

/** What nodemailer says of an error. */
interface MailError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/**
 * Judges an error of sending: by the reply of the server, or by what happened to the connection.
 * @example judgeMail({ responseCode: 550, command: 'RCPT TO' }) // { outcome: 'refused', status: 550, error: 'answered 550 to RCPT TO' }
 */
export function judgeMail(error: Pick<MailError, 'code' | 'responseCode' | 'command'>): Answer {
  const { code = 'unknown', responseCode: status = 0 } = error;
  const command = oneLine(error.command ?? '', 20);
  const said = status > 0 ? `answered ${status}${command ? ` to ${command}` : ''}` : code;
  if (status >= 500 && status < 600 && !mended.has(code)) return { outcome: 'refused', status, error: said };
  if (status === 0 && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { outcome: 'refused', status, error: said };
  return { outcome: 'retry', status, error: said };
}

async function transportOf(settings: EmailSettings) {
  const { createTransport } = await import('nodemailer');
  const { host, port, tls, user, password, ca, timeoutMs } = settings;
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca === '' ? {} : { tls: { ca } }),
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A message names neither files nor addresses to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

async function within<T>(timeoutMs: number, work: Promise<T>, end: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      end();
      reject(Object.assign(new Error('no answer'), { code: `no answer within ${timeoutMs} ms` }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends one message. Recipients that the server refused while it took others are named by their number.
 * @param recipients who gets it where the message itself does not say so
 */
export async function sendMessage(settings: EmailSettings, email: Email, recipients: readonly string[] = email.to): Promise<Answer> {
  const transport = await transportOf(settings);
  try {
    const message = { ...email, to: [...email.to], envelope: { from: addressOf(settings.from), to: recipients.map(addressOf) } };
    const sent = await within(settings.timeoutMs, transport.sendMail(message), () => transport.close());
    const refused = sent.rejected.length;
    return {
      outcome: 'delivered',
      status: 250,
      ...(refused > 0 ? { note: `${refused} of ${recipients.length} recipients refused` } : {}),
    };
  } catch (error) {
    return judgeMail(error as MailError);
  } finally {
    transport.close();
  }
}

/** The address alone. @example addressOf('Weir <weir@a.example>') // 'weir@a.example' */
function addressOf(mailbox: string): string {
  return /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}

/** Sends the message of one transition. */
export function sendEmail(settings: EmailSettings, incident: Incident): Promise<Answer> {
  return sendMessage(settings, emailOf(settings, incident));
}

/** Connects and logs in without sending. @throws an Error with a code */
export async function tryEmail(settings: EmailSettings): Promise<void> {
  const transport = await transportOf(settings);
  try {
    await within(settings.timeoutMs, transport.verify(), () => transport.close());
  } finally {
    transport.close();
  }
}

/** A mail server and its recipients. */
export function emailTarget(settings: EmailSettings): Target {
  return {
    name: settings.name,
    type: 'email',
    place: `${settings.host}:${settings.port}`,
    deliver: (incident) => sendEmail(settings, incident),
  };
}
