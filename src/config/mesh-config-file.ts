import type { SourceText } from '../text/source-text.ts';
import { type ConfigProblem, problemAt } from './config-problem.ts';
import { isMapping, refusals } from './mesh-settings.ts';
import { readDocument } from './read-document.ts';
import { NO_SETTINGS, type Settings } from './settings.ts';

/**
 * Reads a bare MeshConfig, as `kubectl get configmap istio -n istio-system -o jsonpath={.data.mesh}` prints it. What istiod ignores (fields that it
 * does not know) is ignored here too: such files are copies.
 * @param by who named the file, for `config print`
 */
export function readMeshConfigFile(source: SourceText, by: string): { readonly settings: Settings; readonly problems: readonly ConfigProblem[] } {
  const { config, problems: unread } = readDocument(source);
  if (unread.length > 0) return { settings: NO_SETTINGS, problems: unread };
  const raw = config.document?.value ?? {};
  const problems = isMapping(raw) && !('kind' in raw) ? refusals(config, raw) : [wrongKind(config)];
  if (problems.length > 0 || !isMapping(raw)) return { settings: NO_SETTINGS, problems };
  return { settings: { ...NO_SETTINGS, meshConfigs: [{ value: raw, from: { by: `${source.file} (${by})`, place: { config, path: [] } } }] }, problems: [] };
}

function wrongKind(config: Parameters<typeof problemAt>[0]): ConfigProblem {
  return problemAt(
    config,
    [],
    'this is no bare MeshConfig',
    'lint the file like any other if it is a ConfigMap, an IstioOperator or Helm values: its mesh configuration is read there',
    'key',
  );
}
