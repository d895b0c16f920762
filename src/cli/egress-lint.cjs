#!/usr/bin/env node
'use strict';
// Starts the program. Its syntax is that of Node.js 6, so that a Node.js that is too old can say so.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: egress-lint needs Node.js 20.19 or later; this is ${process.version}\n`);
  process.exitCode = 2;
} else {
  start();
}

function start() {
  const Module = require('node:module');
  const path = require('node:path');
  if (Module.enableCompileCache) Module.enableCompileCache();
  const load = Module.enableCompileCache ? require : loader(Module, path);
  load('./cli.cjs').main(path.dirname(__dirname), (url) => require('./import-module.cjs')(url));
}

/**
 * For Node.js 20, which keeps no compiled code: a `require` that takes what the build compiled, if this is the Node.js that built.
 * V8 refuses code of another version and compiles as ever.
 */
function loader(Module, path) {
  const { readFileSync, existsSync } = require('node:fs');
  const { Script } = require('node:vm');
  const loaded = new Map();
  return function load(name) {
    if (!name.startsWith('./')) return require(name);
    if (loaded.has(name)) return loaded.get(name);
    const filename = path.join(__dirname, name);
    if (!existsSync(`${filename}.cache`)) return require(filename);
    const script = new Script(Module.wrap(readFileSync(filename, 'latin1')), { filename, cachedData: readFileSync(`${filename}.cache`) });
    const module = { exports: {} };
    script.runInThisContext()(module.exports, load, module, filename, __dirname);
    loaded.set(name, module.exports);
    return module.exports;
  };
}
