/** Builds the console into `target`: the names of the scripts that the first view loads, and of all files. */
export function buildConsole(target: string): { readonly first: readonly string[]; readonly files: readonly string[] };
