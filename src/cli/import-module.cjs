'use strict';
// Loads the ES modules that a configuration names in `plugins`. Node.js itself loads this file: the bundles beside it know no `import()`.
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/** What rules import of us. Where the program is installed globally, nothing near the rules would have it: then it is the program's own. */
const ours = {
  'egress-lint': pathToFileURL(path.join(__dirname, 'index.js')).href,
  'egress-lint/rule': pathToFileURL(path.join(__dirname, 'rule-api.js')).href,
};
let isRegistered = false;

module.exports = async (url) => {
  if (!isRegistered) Module.register(pathToFileURL(path.join(__dirname, 'own-modules.mjs')), { data: ours });
  isRegistered = true;
  return import(url);
};
