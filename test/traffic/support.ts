import type { ConnectionPath } from '../../src/traffic/outcomes/outcome.ts';
import { answerProbe, type Probe } from '../../src/traffic/probes/probe.ts';
import type { Connection } from '../../src/traffic/terms/connection.ts';
import { TrafficModel, type TrafficModelOptions } from '../../src/traffic/traffic-model.ts';
import { meshOf } from '../support/mesh-of.ts';

/** The model of a mesh. */
export function modelOf(text: string, options: TrafficModelOptions = {}): TrafficModel {
  return new TrafficModel(meshOf(text), options);
}

/** A call from a namespace: `https://a.example`, `http://a.example:8080/path`, `tcp://10.0.0.1:5432`. */
export function callFrom(namespace: string, url: string, more: Partial<Probe> = {}): Probe {
  const { protocol, hostname, port, pathname } = new URL(url);
  const proto = protocol.slice(0, -1) as Probe['proto'];
  return {
    from: { namespace, labels: {} },
    to: { host: hostname, port: Number(port) || (proto === 'https' ? 443 : 80) },
    proto,
    path: pathname || '/',
    ...more,
  };
}

/** What becomes of a call; the way with the largest share. */
export function call(model: TrafficModel, namespace: string, url: string, more: Partial<Probe> = {}): ConnectionPath {
  const [path] = answerProbe(model, callFrom(namespace, url, more));
  if (!path) throw new Error('a connection takes some way');
  return path;
}

/** HTTP in given layers of TLS. */
export function connection(port: number, tls: Connection['tls']): Connection {
  return { ip: undefined, host: 'a.example', port, tls, http: REQUEST };
}

export const REQUEST = { method: 'GET', path: '/', authority: 'a.example', headers: {}, version: 'HTTP/1.1' } as const;
