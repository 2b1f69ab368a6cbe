/** The S3-compatible server in a process of its own: says its endpoint and ends when its parent lets go of it. */
import { serveS3 } from './s3.ts';

const server = await serveS3();
process.once('disconnect', () => void server.stop().then(() => process.exit(0)));
process.send?.(server.endpoint);
