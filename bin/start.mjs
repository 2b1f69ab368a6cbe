// `npm start`: everything on this machine. Installs and builds what is missing, then runs `weir start` with the arguments given.
process.argv.splice(2, 0, 'start');
await import('./weir.mjs');
