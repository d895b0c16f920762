#!/usr/bin/env node
'use strict';
// Starts the program. Nothing newer than Node.js 6 knows, so that a Node.js that is too old can say so.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: egress-lint needs Node.js 20.19 or later; this is ${process.version}\n`);
  process.exitCode = 2;
} else {
  const { enableCompileCache } = require('node:module');
  if (enableCompileCache) enableCompileCache();
  require('./cli.cjs').main(require('node:path').dirname(__dirname));
}
