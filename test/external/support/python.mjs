// Programs from PyPI for the tests beside this directory. Each is installed once into a cache beside the system's temporary files, not into the project.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const windows = process.platform === 'win32';

/**
 * The executable of a Python program, installed if it is not there yet. Needs Python 3 with venv, and PyPI.
 * @param {string} distribution its name on PyPI
 * @param {string} version
 * @param {string} command what it is called
 */
export function pythonProgram(distribution, version, command = distribution) {
  const directory = path.join(tmpdir(), `egress-lint-external/${distribution}-${version}`);
  const executable = path.join(directory, windows ? `Scripts/${command}.exe` : `bin/${command}`);
  if (!existsSync(executable)) {
    console.log(`installing ${distribution} ${version} into ${directory}`);
    must(windows ? 'python' : 'python3', ['-m', 'venv', directory]);
    must(path.join(directory, windows ? 'Scripts/python.exe' : 'bin/python'), ['-m', 'pip', 'install', '--quiet', `${distribution}==${version}`]);
  }
  return executable;
}

/** Runs a program that has to succeed; gives what it printed. */
export function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
}
