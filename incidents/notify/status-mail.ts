/** A status update as an e-mail to a list of people outside. It says what was published and nothing else. */
import type { StatusUpdate } from '../status-feed.ts';
import { cutEscaped, htmlText, oneLine } from './cut.ts';
import { domainOf, type Email, emailLimits } from './email.ts';

/** Who is told of updates. */
export interface StatusList {
  readonly name: string;
  /** Empty = all. */
  readonly services: readonly string[];
  /** Empty = the public ones alone. */
  readonly partners: readonly string[];
}

/**
 * Whether a list gets an update: one for partners only a list of such a partner, one about services only a list of such a service or of all.
 * @example listGets({ services: ['voice'], partners: [] }, { services: [], partners: [] }) // true
 * @example listGets({ services: [], partners: [] }, { services: [], partners: ['acme'] }) // false
 */
export function listGets(list: Pick<StatusList, 'services' | 'partners'>, update: Pick<StatusUpdate, 'services' | 'partners'>): boolean {
  const meets = (of: readonly string[], those: readonly string[]): boolean => of.some((one) => those.includes(one));
  const forIt = update.partners.length === 0 || meets(update.partners, list.partners);
  return forIt && (list.services.length === 0 || update.services.length === 0 || meets(update.services, list.services));
}

/** The message of an update. Its header names the sender alone: people of a list do not see each other. */
export function statusMail(from: string, list: Pick<StatusList, 'name'>, feedTitle: string, update: StatusUpdate): Email {
  const subject = oneLine(`${feedTitle}: ${update.title} (${update.stage})`, emailLimits.subject);
  const text = `${update.text}\n\n${[`Status: ${update.stage}`, update.services.length > 0 ? `Services: ${update.services.join(', ')}` : '', `Published: ${update.at}`].filter(Boolean).join('\n')}\n`;
  const id = `${update.update_id}.${list.name}`;
  return {
    from,
    to: [from],
    subject,
    messageId: `<${id}@${domainOf(from)}>`,
    references: '',
    inReplyTo: '',
    date: new Date(update.at),
    priority: 'normal',
    headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All', precedence: 'list' },
    text,
    html: `<!doctype html><meta charset="utf-8"><h3 dir="auto">${htmlText(subject)}</h3><div dir="auto" style="white-space:pre-wrap">${cutEscaped(text, emailLimits.html, htmlText)}</div>`,
  };
}
