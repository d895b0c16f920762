import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Findings, starterConfig } from '../config/starter.ts';
import { CONFIG_NAME } from '../files/config-files.ts';
import { discover } from '../files/discover.ts';
import { reasonOf } from '../files/file-error.ts';
import { posix } from '../files/paths.ts';
import { readFiles } from '../files/read-files.ts';
import { load } from '../mesh/load.ts';
import { meshesOf } from '../mesh/meshes.ts';
import { isTemplated } from '../mesh/template-paths.ts';
import { isTemplateText, unmasked } from '../yaml/template-text.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** `egress-lint init [DIR]`: writes a commented configuration that fits what is found below a directory. */
export async function initCommand(directory: string, io: Io): Promise<void> {
  const path = resolve(io.cwd, directory, CONFIG_NAME);
  const name = posix(relative(io.cwd, path));
  if (existsSync(path)) throw new UsageError(`${name} exists already`, `'egress-lint config print ${directory}' shows what it says`);
  const found = await discover({ paths: [directory], cwd: io.cwd, root: directory });
  const [missing] = found.missing;
  if (missing) throw new UsageError(`cannot read '${missing.argument}': ${missing.reason}`, 'name a directory');
  const text = starterConfig({ ...look(await readFiles(found.files)), schema: schemaBeside(dirname(path), io) });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`cannot write ${name}: ${reasonOf(error)}`, 'name a directory that can be written to');
  }
  io.out(`wrote ${name}: it changes nothing until you uncomment what fits\n`);
}

function look(files: Parameters<typeof load>[0]): Omit<Findings, 'schema'> {
  const { meshes } = meshesOf(load(files));
  const [first] = meshes;
  const all = meshes.flatMap(({ mesh }) => mesh.resources);
  const unknown = new Set(all.filter((resource) => first && !first.mesh.hasKnownNamespace(resource)));
  const gateways = new Map(
    meshes.flatMap(({ mesh }) =>
      mesh
        .all('Gateway')
        .filter((gateway) => !isTemplated(gateway, ['spec', 'selector']) && !mesh.gatewaySelection.fits(gateway.spec.selector))
        .map(
          ({ namespace, name, spec }) =>
            [JSON.stringify(Object.entries(spec.selector).sort()), { gateway: unmasked(`${namespace}/${name}`), labels: spec.selector }] as const,
        ),
    ),
  );
  const declared = new Set(all.flatMap(({ kind, name }) => (kind === 'Namespace' ? [name] : [])));
  const clients = all.flatMap(({ kind, namespace }) => (kind === 'Sidecar' && !declared.has(namespace) && !isTemplateText(namespace) ? [namespace] : []));
  return {
    withoutNamespace: unknown.size,
    meshConfigs: [...new Set(meshes.flatMap(({ mesh }) => mesh.config.sources.map(({ resource }) => resource.source.file.file)))].sort(),
    gateways: [...gateways.values()],
    namespaces: [...new Set(clients)].filter((name) => name !== 'istio-system').sort(),
    alternatives: meshes.length < 2 ? [] : meshes.map(({ name }) => name).filter((name) => !name.includes(' + ')),
  };
}

/** Where editors find the schema that is shipped, if it is installed beside the configuration. */
function schemaBeside(directory: string, { packageRoot }: Io): string | undefined {
  const path = posix(relative(directory, `${packageRoot}/docs/egress-lint.schema.json`));
  return path.startsWith('node_modules/') ? `./${path}` : undefined;
}
