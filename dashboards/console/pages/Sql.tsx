/** Questions in SQL, with what can be asked for beside them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import { ask, request, wordsOf } from '../core/ask.ts';
import { save } from '../core/csv.ts';
import { count } from '../core/format.ts';
import { Card } from '../parts/Card.tsx';
import { Problem } from '../parts/Status.tsx';
import { type Answer, AnswerTable } from '../sql/AnswerTable.tsx';
import { complete } from '../sql/complete.ts';
import { Tables } from '../sql/Tables.tsx';
import { useTables } from '../sql/use-tables.ts';

/** The statement of the address. It stands behind the #, which is never sent: a long one must not be refused, and none belongs into a log. */
const statementOf = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get('q');

const example = 'SELECT leg, service, count() AS records\nFROM usage\nGROUP BY leg, service\nORDER BY records DESC';

export function Sql() {
  const [sql, setSql] = useState(() => statementOf(location.hash) ?? example);
  const [answer, setAnswer] = useState<(Answer & { readonly tookMs: number }) | undefined>();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const tables = useTables();
  useEffect(() => {
    document.title = 'SQL · Weir';
  }, []);

  const run = async (): Promise<void> => {
    setBusy(true);
    history.replaceState(null, '', `#q=${encodeURIComponent(sql)}`);
    const began = performance.now();
    try {
      const got = await ask<Answer>('/sql', { method: 'POST', body: { sql } });
      setAnswer({ ...got, tookMs: performance.now() - began });
      setError('');
      announce(`${got.rows.length} rows.`);
    } catch (problem) {
      setError(wordsOf(problem));
    }
    setBusy(false);
  };
  const csv = async (): Promise<void> => {
    setBusy(true);
    try {
      save('weir-answer.csv', await (await request('/sql', { method: 'POST', body: { sql, format: 'csv' } })).blob());
      setError('');
    } catch (problem) {
      setError(wordsOf(problem));
    }
    setBusy(false);
  };
  const put = (text: string): void => {
    const { selectionStart = sql.length, selectionEnd = sql.length } = field.current ?? {};
    setSql(sql.slice(0, selectionStart) + text + sql.slice(selectionEnd));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(selectionStart + text.length, selectionStart + text.length);
    });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void run();
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      const at = field.current?.selectionStart ?? 0;
      const completed = complete(sql, at, tables.tables);
      if (!completed) return;
      setSql(completed.sql);
      announce(completed.others.length > 0 ? `Also: ${completed.others.join(', ')}` : 'Completed.');
      requestAnimationFrame(() => field.current?.setSelectionRange(completed.at, completed.at));
    }
  };
  return (
    <>
      <div class="head">
        <h1>SQL</h1>
        <span class="muted">reads only, within the limits of analysts</span>
      </div>
      <div class="workbench">
        <Tables {...tables} onPick={put} />
        <div class="stack">
          <div class="card card-body editor-card">
            <label for="sql">One statement of ClickHouse</label>
            <textarea
              id="sql"
              ref={field}
              data-find
              class="editor"
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              rows={9}
              value={sql}
              aria-describedby="sql-help"
              onInput={(event) => setSql(event.currentTarget.value)}
              onKeyDown={press}
            />
            <div class="row under">
              <button type="button" class="primary" disabled={busy || sql.trim() === ''} onClick={() => void run()}>
                {busy ? 'Running…' : 'Run'}
              </button>
              <button type="button" disabled={busy || sql.trim() === ''} onClick={() => void csv()}>
                Save all as CSV
              </button>
              <span class="muted small" id="sql-help">
                <kbd>Ctrl</kbd>
                <kbd>Enter</kbd> runs, <kbd>Ctrl</kbd>
                <kbd>Space</kbd> completes a name
              </span>
            </div>
          </div>
          {error ? <Problem text={error} /> : null}
          {answer ? (
            <Card
              title="Answer"
              note={`${count(answer.rows.length)} ${answer.rows.length === 1 ? 'row' : 'rows'} in ${count(answer.tookMs)} ms`}
              flush
            >
              <AnswerTable answer={answer} />
            </Card>
          ) : null}
        </div>
      </div>
    </>
  );
}
