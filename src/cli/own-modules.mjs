// Hooks of Node.js' module loader, registered by import-module.cjs.
let ours = {};

/** @param {Record<string, string>} modules the URLs of our own modules by the names under which they are imported */
export function initialize(modules) {
  ours = modules;
}

/** A package that is installed where the rule stands comes first. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    const url = error.code === 'ERR_MODULE_NOT_FOUND' ? ours[specifier] : undefined;
    if (url === undefined) throw error;
    return { url, shortCircuit: true };
  }
}
