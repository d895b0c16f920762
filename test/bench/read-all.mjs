// The yardstick for large inputs: a process that finds and reads every file below a directory, and does nothing with them.
import { readdirSync, readFileSync } from 'node:fs';

const read = (directory) => {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) read(`${directory}/${entry.name}`);
    else readFileSync(`${directory}/${entry.name}`, 'utf8');
  }
};
read(process.argv[2]);
