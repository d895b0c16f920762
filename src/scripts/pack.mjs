// Before `npm pack`: builds all of dist/, for a package without it is of no use, and neither is one with what an older source made. What is packed from a
// release tag, or from anything that is no clone, has its dist/ already: there nothing can be built, and nothing is.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensurePackages, notBuilt, requireNode, root, run } from './prepare.mjs';

requireNode();
const tracked = spawnSync('git', ['ls-files', 'dist'], { cwd: root, encoding: 'utf8' });
const isSource = tracked.status === 0 && tracked.stdout === '';
if (isSource || notBuilt().length > 0) {
  ensurePackages();
  process.exitCode = run(process.execPath, [path.join(root, 'src/scripts/build.mjs')]);
}
