/** Settings of the sources that fetch: files from SFTP servers and object storage, rows from databases on a schedule. */
import Type, { type Static } from 'typebox';
import { format, numbering } from './source.ts';

const strict = { additionalProperties: false };
const secretFile = (what: string) => Type.Optional(Type.String({ minLength: 1, description: `File whose first line is ${what}.` }));
const variable = (what: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$', description: `Environment variable that holds ${what}.` }));

const complete = {
  quietSeconds: Type.Number({
    default: 30,
    minimum: 0,
    maximum: 86_400,
    description: 'Seconds without change after which a file is complete, by our own clock.',
  }),
};

const polling = {
  pattern: Type.String({ default: '*', description: 'File names to take; * and ? as in a shell, several separated by commas.' }),
  everySeconds: Type.Number({ default: 60, minimum: 0.1, maximum: 86_400, description: 'Seconds between looks.' }),
  parallel: Type.Integer({
    default: 4,
    minimum: 1,
    maximum: 32,
    description: 'Files transferred at once from one server; they are stored in order of name.',
  }),
  after: Type.Union([Type.Literal('keep'), Type.Literal('move'), Type.Literal('delete')], {
    default: 'keep',
    description: 'What becomes of a stored file over there. keep: it is remembered and not taken again.',
  }),
};

const Server = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: 'Host name or address.' }),
    port: Type.Integer({ default: 22, minimum: 1, maximum: 65_535, description: 'Port.' }),
    user: Type.String({ minLength: 1, maxLength: 255, description: 'User name.' }),
    hostKey: Type.Union(
      [
        Type.String({ pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$' }),
        Type.Array(Type.String({ pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$' }), { minItems: 1, maxItems: 10 }),
      ],
      {
        description:
          'Fingerprint of the key of the server, or several while it changes: `ssh-keyscan HOST | ssh-keygen -lf -`. Another key is refused.',
      },
    ),
    keyFile: Type.Optional(Type.String({ minLength: 1, description: 'Private key, OpenSSH or PEM.' })),
    passphraseFile: secretFile('the passphrase of the private key'),
    passphraseEnv: variable('the passphrase of the private key'),
    passwordFile: secretFile('the password'),
    passwordEnv: variable('the password'),
  },
  strict,
);

export const SftpSource = Type.Object(
  {
    type: Type.Literal('sftp'),
    servers: Type.Array(Server, { minItems: 1, maxItems: 200, description: 'Servers that are looked at, all in the same way.' }),
    directory: Type.String({ default: '.', minLength: 1, maxLength: 4096, description: 'Directory over there.' }),
    ...polling,
    complete: Type.Union([Type.Literal('quiet'), Type.Literal('rename'), Type.Literal('marker')], {
      default: 'quiet',
      description:
        'When a file is complete: quiet = unchanged for quietSeconds; rename = as soon as it has a name that matches; marker = when a file of its name with markerSuffix lies beside it.',
    }),
    ...complete,
    markerSuffix: Type.String({
      default: '.done',
      minLength: 1,
      maxLength: 50,
      pattern: '^[^/]+$',
      description: 'Ending of marker files: `calls.csv.done`, or `calls.done`, says that `calls.csv` is complete.',
    }),
    moveTo: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Directory over there for after: move. Default: "done" beside the file.' }),
    ),
    timeoutSeconds: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 600,
      description: 'A server that says nothing for so long is taken for gone.',
    }),
    ...numbering,
    ...format,
  },
  { ...strict, title: 'sftp' },
);

export const S3Source = Type.Object(
  {
    type: Type.Literal('s3'),
    bucket: Type.String({ pattern: '^[a-zA-Z0-9._-]{3,63}$', description: 'Bucket.' }),
    endpoint: Type.String({
      default: '',
      pattern: '^(https?://[^/?#@]+/?)?$',
      description: 'URL of the service, e.g. https://minio.example:9000; the bucket stands in its path. Empty: Amazon S3 of the region.',
    }),
    region: Type.String({ default: 'us-east-1', pattern: '^[a-z0-9-]{1,40}$', description: 'Region for which requests are signed.' }),
    prefix: Type.String({
      default: '',
      maxLength: 900,
      description:
        'Only objects whose key begins so. {YYYY} {MM} {DD} {hh} stand for the time (UTC): only prefixes of the last lookbackHours are listed.',
    }),
    lookbackHours: Type.Number({
      default: 48,
      minimum: 1,
      maximum: 8784,
      description: 'How far back prefixes with a time are listed.',
    }),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?Z)?$',
        description: 'Objects last changed before this day or instant (UTC) are left alone.',
      }),
    ),
    versions: Type.Union([Type.Literal('latest'), Type.Literal('all')], {
      default: 'latest',
      description: 'latest: what the key holds at the time of a look. all: every version, where the bucket keeps versions.',
    }),
    ...polling,
    quietSeconds: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 86_400,
      description: 'Seconds that an object must have been there. Objects appear whole: 0 is right but for special services.',
    }),
    moveTo: Type.Optional(
      Type.String({ minLength: 1, maxLength: 900, description: 'Prefix for after: move, in the same bucket. Default: "done/".' }),
    ),
    credentialsFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'File with the access key id in its first line, the secret key in its second and a session token, if any, in its third.',
      }),
    ),
    accessKeyEnv: Type.String({ default: 'AWS_ACCESS_KEY_ID', description: 'Environment variable of the access key id.' }),
    secretKeyEnv: Type.String({ default: 'AWS_SECRET_ACCESS_KEY', description: 'Environment variable of the secret key.' }),
    sessionTokenEnv: Type.String({ default: 'AWS_SESSION_TOKEN', description: 'Environment variable of the session token, if any.' }),
    timeoutSeconds: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 600,
      description: 'A service that says nothing for so long is taken for gone.',
    }),
    ...numbering,
    ...format,
  },
  { ...strict, title: 's3' },
);

export const SqlSource = Type.Object(
  {
    type: Type.Literal('sql'),
    driver: Type.Union([Type.Literal('postgres'), Type.Literal('mysql'), Type.Literal('clickhouse'), Type.Literal('odbc')], {
      description: 'Kind of database; mysql is MariaDB too. odbc: any database that has an ODBC driver on this machine.',
    }),
    connection: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'For odbc: its connection string, without user and password; they are added.',
      }),
    ),
    host: Type.String({ default: '127.0.0.1', minLength: 1, maxLength: 255, description: 'Host name or address.' }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port. Default: 5432, 3306 or 8123.' })),
    database: Type.String({ minLength: 1, maxLength: 255, description: 'Database.' }),
    user: Type.String({ minLength: 1, maxLength: 255, description: 'User; it needs to read and no more.' }),
    passwordFile: secretFile('the password'),
    passwordEnv: variable('the password'),
    tls: Type.Union([Type.Literal('off'), Type.Literal('on'), Type.Literal('verify')], {
      default: 'verify',
      description:
        'verify: encrypted, with a certificate that this machine trusts. on: encrypted. off: neither; for the same machine. With odbc the connection string says it.',
    }),
    query: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 65_536,
        description: 'One SELECT. It may use :from and :to (the time between two runs) and :cursor.',
      }),
    ),
    queryFile: Type.Optional(Type.String({ minLength: 1, description: 'File that holds the query.' })),
    schedule: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'When it runs, as in cron: minute hour day month weekday, e.g. `*/15 * * * *`; six fields begin with seconds.',
    }),
    scheduleTimeZone: Type.String({ default: 'UTC', maxLength: 64, description: 'IANA time zone of the schedule.' }),
    mode: Type.Union([Type.Literal('incremental'), Type.Literal('snapshot')], {
      default: 'incremental',
      description:
        'incremental: rows whose cursor is new. snapshot: all rows each time, of which those added, changed and removed are taken.',
    }),
    cursor: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$',
        description: 'Column of the result that grows: a time or a whole number; for incremental.',
      }),
    ),
    overlap: Type.Number({
      default: 300,
      minimum: 0,
      maximum: 31_536_000,
      description:
        'How far behind the newest cursor is read again, in seconds, or in numbers: rows that were written late. Known rows are left out.',
    }),
    key: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' }), {
        minItems: 1,
        maxItems: 8,
        description: 'Columns that identify a row; for snapshot.',
      }),
    ),
    maxRows: Type.Integer({
      default: 1_000_000,
      minimum: 1,
      maximum: 20_000_000,
      description: 'Most rows of one run. An incremental run goes on with the next; a larger snapshot is refused.',
    }),
    timeoutSeconds: Type.Number({
      default: 300,
      minimum: 1,
      maximum: 86_400,
      description: 'Longest time of a query; the database is told.',
    }),
    catchUp: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Most missed runs made up for, where the query uses :from and :to. Without them one run brings everything.',
    }),
    ...format,
  },
  { ...strict, title: 'sql' },
);

export type SftpSourceSettings = Static<typeof SftpSource>;
export type SftpServerSettings = SftpSourceSettings['servers'][number];
export type S3SourceSettings = Static<typeof S3Source>;
export type SqlSourceSettings = Static<typeof SqlSource>;
/** Sources whose files are fetched. */
export type FetchSourceSettings = SftpSourceSettings | S3SourceSettings;
