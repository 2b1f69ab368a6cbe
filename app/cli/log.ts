/** The log of one-shot commands: they speak through their output, so the log is silent. */
import pino, { type Logger } from 'pino';

export const quietLog: Logger = pino({ level: 'silent' });
