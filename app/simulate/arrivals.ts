/** The files of a simulated run in the order in which a receiver gets them. */
import type { SimulatedFile } from '../../simulator/index.ts';

/**
 * Files by the time at which they are complete: one that is late comes where it arrives, not where it belongs.
 * @param files in order of the end of their window
 */
export function* arrivals(files: Iterable<SimulatedFile>): Generator<SimulatedFile, void, undefined> {
  let late: SimulatedFile[] = [];
  for (const file of files) {
    const due = late.filter(({ modifiedAt }) => modifiedAt <= file.to);
    if (due.length > 0) late = late.filter(({ modifiedAt }) => modifiedAt > file.to);
    yield* due.sort((a, b) => a.modifiedAt - b.modifiedAt);
    // A file that nobody held is complete some seconds after its window.
    if (file.modifiedAt - file.to > 60_000) late.push(file);
    else yield file;
  }
  yield* late.sort((a, b) => a.modifiedAt - b.modifiedAt);
}
