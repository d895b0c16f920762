import type { Trace, TracedHop } from '../engine/trace.ts';
import { proxyText } from './outcome-text.ts';

/** Commands for a shell, and what they are about. */
export interface Commands {
  readonly about: string;
  readonly lines: readonly string[];
}

/** Commands that show in a cluster whether a trace is right, for each proxy on the way and for what is behind the last one. */
export function confirmCommands({ probe, expect }: Trace): readonly Commands[] {
  const { hops, delivered } = expect;
  const all = hops.map((hop, index): Commands => ({ about: `${index + 1} ${proxyText(hop)}`, lines: commandsFor(hop) }));
  const speaksTls = probe.proto === 'https' || probe.proto === 'tls' || (delivered?.sni !== undefined && delivered.pod === undefined);
  if (!speaksTls) return all;
  const host = delivered && delivered.pod === undefined ? delivered.host : probe.to.host;
  const port = delivered && delivered.pod === undefined ? delivered.port : probe.to.port;
  const name = delivered?.sni || probe.sni || probe.to.host;
  const line = `openssl s_client -connect ${quoted(`${host}:${port}`)} -servername ${quoted(name)} </dev/null`;
  return [...all, { about: 'which certificate answers to the server name', lines: [line] }];
}

function commandsFor(hop: TracedHop): readonly string[] {
  if (hop.proxy === 'ztunnel') return ['istioctl ztunnel-config services', 'istioctl ztunnel-config workloads'];
  const { listener, port, kind, cluster, virtualHost, missing } = hop;
  const { define, pod } = podText(hop);
  const config = (what: string, more: string): string => `istioctl proxy-config ${what} ${pod}${more === '' ? '' : ` ${more}`}`;
  const [, clusterPort = '', subset = '', host = ''] = /^outbound\|(\d+)\|([^|]*)\|(.+)$/.exec(cluster ?? '') ?? [];
  const routes =
    kind === 'http' || virtualHost !== undefined ? [config('route', `${hop.proxy === 'sidecar' ? `--name ${hop.receives.port} ` : ''}-o json`)] : [];
  const subsetFlag = subset === '' ? '' : ` --subset ${quoted(subset)}`;
  return [
    ...define,
    config('listener', listener === undefined ? '' : `--port ${listener === 'virtualOutbound' ? VIRTUAL_OUTBOUND : port}`),
    ...routes,
    ...(host === '' ? [] : [config('cluster', `--fqdn ${quoted(host)} --port ${clusterPort}${subsetFlag} -o json`)]),
    ...(host === '' || missing !== undefined ? [] : [config('endpoint', `--cluster ${quoted(cluster ?? '')}`)]),
  ];
}

const VIRTUAL_OUTBOUND = 15_001;

/** A Pod as istioctl takes it, and how a shell gets to know its name. */
function podText({ proxy, namespace, labels }: TracedHop): { readonly define: readonly string[]; readonly pod: string } {
  const [, deployment] = /\/(.+)-synth$/.exec(proxy) ?? [];
  if (deployment !== undefined) return { define: [], pod: `deploy/${deployment}.${namespace}` };
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const which = selector.length === 0 ? '' : ` -l ${quoted(selector.join(','))}`;
  return { define: [`POD=$(kubectl get pod -n ${namespace}${which} -o jsonpath='{.items[0].metadata.name}')`], pod: `"$POD.${namespace}"` };
}

/** Fit for a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
