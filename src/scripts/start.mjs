// `npm start -- PATH...`: runs egress-lint from a clone, after installing and building what is missing. Standard output is the program's own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensurePackages, requireNode, root } from './prepare.mjs';

requireNode();
ensurePackages();
ensureBuilt();
// npm runs scripts in the package's directory; paths are meant from where the person stands.
const cwd = process.env.INIT_CWD || process.cwd();
const program = spawnSync(process.execPath, [path.join(root, 'dist/egress-lint.cjs'), ...process.argv.slice(2)], { cwd, stdio: 'inherit' });
if (program.signal) process.kill(process.pid, program.signal);
else process.exitCode = program.status ?? 2;
