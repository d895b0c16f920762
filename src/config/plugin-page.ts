import type { AnyRule } from '../engine/rule.ts';
import type { FieldNode } from '../resources/field.ts';
import { optionTable } from './reference-page.ts';

/** A page for a rule of a plugin, in Markdown and built as those of docs/rules: what its module tells of it. */
export function pluginPage({ meta, messages }: AnyRule): string {
  const { name, code, summary, family, severity, isOptIn, fixable = 'none', docs, module, options } = meta;
  const off = isOptIn ? '; only where it is configured' : '';
  const texts = Object.values(messages as AnyMessages).map(({ text, help }) => `- ${text}${help === undefined ? '' : ` → ${help}`}`);
  const places = [...(module === undefined ? [] : [`- \`${module}\``]), ...(docs?.url === undefined ? [] : [`- ${docs.url}`])];
  return [
    `# ${name} (${code})`,
    summary,
    `| severity | family | fix |\n| --- | --- | --- |\n| ${severity}${off} | ${family} | ${fixable} |`,
    ...(docs?.text === undefined ? [`## What it says\n\n${texts.join('\n')}`] : [docs.text.trim()]),
    ...(options === undefined ? [] : [`## Options\n\n${optionTable(options as FieldNode).trimEnd()}`]),
    `## Where it comes from\n\n${places.join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

type AnyMessages = Readonly<Record<string, { readonly text: string; readonly help?: string }>>;
