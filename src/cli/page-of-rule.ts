import { readFileSync } from 'node:fs';
import { pluginPage } from '../config/plugin-page.ts';
import type { AnyRule } from '../engine/rule.ts';

/** What explains a rule, in Markdown: its page in the package; of a plugin's rule, what its module says. @throws where the package lacks the page */
export function pageOf(rule: AnyRule, packageRoot: string): string {
  return rule.meta.module === undefined ? readFileSync(`${packageRoot}/docs/rules/${rule.meta.name}.md`, 'utf8') : pluginPage(rule);
}
