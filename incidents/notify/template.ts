/**
 * Templates of text: words in braces, nothing else. `{title}` is replaced by the word, `{{` is a brace. A line all of whose words are empty is
 * left out. What a word says is never read as a template again. Pure.
 */
import { cut, cutEscaped } from './cut.ts';
import { type Word, type Words, wordMeanings } from './words.ts';

/** One line: texts and words in turn. */
type Line = readonly (string | { readonly word: Word })[];

export type Template = readonly Line[];

/** Longest template, UTF-16 units. */
export const longestTemplate = 4_000;

/**
 * Reads a template.
 * @returns the template, or why it is none
 * @example compileTemplate('{titel}') // { problem: 'there is no word {titel}' }
 */
export function compileTemplate(text: string): { readonly template: Template } | { readonly problem: string } {
  if (text.length > longestTemplate) return { problem: `longer than ${longestTemplate} characters` };
  const template: Line[] = [];
  for (const line of text.trimEnd().split(/\r?\n/)) {
    const parts: (string | { readonly word: Word })[] = [];
    for (const piece of line.split(/(\{\{|\{[^{}]*\})/)) {
      if (piece === '') continue;
      if (piece === '{{') parts.push('{');
      else if (piece.startsWith('{') && piece.endsWith('}')) {
        const name = piece.slice(1, -1);
        if (!Object.hasOwn(wordMeanings, name)) return { problem: `there is no word {${cut(name, 40)}}` };
        parts.push({ word: name as Word });
      } else if (piece.includes('{')) return { problem: 'a { that no } ends; {{ stands for one' };
      else parts.push(piece);
    }
    template.push(parts);
  }
  return { template };
}

/**
 * A template filled with words, cut to `most` UTF-16 units after escaping.
 * @param harmless what makes a text harmless where it is shown; the template itself is escaped too
 */
export function renderTemplate(
  template: Template,
  words: Words,
  most: number,
  harmless: (text: string) => string = (text) => text,
): string {
  const filled: string[] = [];
  for (const line of template) {
    const named = line.filter((part) => typeof part !== 'string');
    if (named.length > 0 && named.every(({ word }) => words[word] === '')) continue;
    filled.push(line.map((part) => (typeof part === 'string' ? part : words[part.word])).join(''));
  }
  return cutEscaped(filled.join('\n').trim(), most, harmless);
}

function built(text: string): Template {
  const compiled = compileTemplate(text);
  if ('problem' in compiled) throw new TypeError(compiled.problem);
  return compiled.template;
}

/** The words of a target: what its settings say, else what Weir says. */
export interface Texts {
  readonly title: Template;
  readonly text: Template;
  /** What a ticket is told of each change after it was made. */
  readonly note: Template;
}

/** The templates as settings would have them. */
export const defaultTitle = '[{severity_name}] {transition}: {title}';
export const defaultText = `{summary}

{transition} by {actor}: {note}
Money: {money}
Recoverable until: {recoverable_until}
Customers: {customers}
Observed: {observed}
Explained by: {explanation}
Changed before: {suspects}
Scope: {scope}
Began: {began_at}
State: {state}
Team: {team}
Assigned to: {assignee}
Incident: {incident_id}
{link}`;

export const defaultNote = `{transition} by {actor}: {note}
State: {state}
Severity: {severity_name}
Money: {money}
Customers: {customers}
Explained by: {explanation}`;

export const defaultTexts: Texts = { title: built(defaultTitle), text: built(defaultText), note: built(defaultNote) };
