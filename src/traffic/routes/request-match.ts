import type { HttpMatch } from '../../mesh/match-scope.ts';
import type { HttpRequest } from '../terms/connection.ts';
import { asksForPresence, fitsRegex, fitsText, type StringMatch } from './string-match.ts';

/** Claims of a token that a proxy has verified; nothing is known of tokens here, so requests count as having none. */
const CLAIMS = '@request.auth.claims';

/**
 * whether a request fits the conditions of a match, those apart that the control plane looks at (`routesFor` in http-routing.ts).
 * Istio: pilot/pkg/networking/core/route/route.go, TranslateRouteMatch.
 * @param bySegments A-13: routes of the Gateway API compare prefixes by whole segments of the path
 */
export function fitsRequest(match: HttpMatch, request: HttpRequest, bySegments: boolean): boolean {
  const { uri, headers, withoutHeaders, queryParams, method, authority, scheme, ignoreUriCase } = match;
  const [path = '', query = ''] = cut(request.path);
  if (uri && !fitsPath(uri, path, ignoreUriCase === true, bySegments)) return false;
  if (method && !fitsText(method, request.method)) return false;
  if (authority && !fitsText(authority, request.authority)) return false;
  // What reaches a sidecar in plaintext is http; a gateway that terminates TLS says so itself.
  if (scheme && !fitsText(scheme, 'http')) return false;
  if (!Object.entries(headers).every(([name, text]) => hasHeader(request, name, text))) return false;
  if (Object.entries(withoutHeaders).some(([name, text]) => hasUnwantedHeader(request, name, text))) return false;
  const parameters = new Map(query.split('&').map((pair) => splitAt(pair, '=')));
  return Object.entries(queryParams).every(([name, text]) => fitsOptional(text, parameters.get(name)));
}

/** whether a request asks for a tunnel, as clients ask a forward proxy. In HTTP/1.1 it has no path, so that no route that Istio writes fits it, the last one for everything included. */
export function asksForTunnel({ method, version }: HttpRequest): boolean {
  return method === 'CONNECT' && version === 'HTTP/1.1';
}

function cut(path: string): readonly [string, string] {
  return splitAt(path, '?');
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function fitsPath({ exact, prefix, regex }: StringMatch, path: string, ignoresCase: boolean, bySegments: boolean): boolean {
  const folded = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
  if (exact !== undefined) return folded(path) === folded(exact);
  if (regex !== undefined) return fitsRegex(regex, path);
  if (prefix === undefined) return true;
  if (!bySegments || prefix === '/') return folded(path).startsWith(folded(prefix));
  const whole = folded(prefix.replace(/\/$/, ''));
  return folded(path) === whole || folded(path).startsWith(`${whole}/`);
}

function headerOf(request: HttpRequest, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case ':authority':
    case 'host':
      return request.authority;
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':scheme':
      return 'http';
    default:
      return request.headers[name.toLowerCase()];
  }
}

function hasHeader(request: HttpRequest, name: string, text: StringMatch): boolean {
  return !name.startsWith(CLAIMS) && fitsOptional(text, headerOf(request, name));
}

/** A header that is missing counts as empty here, so that an absent one is not unwanted unless empty ones are. */
function hasUnwantedHeader(request: HttpRequest, name: string, text: StringMatch): boolean {
  if (name.startsWith(CLAIMS)) return false;
  const value = headerOf(request, name);
  return asksForPresence(text) ? value !== undefined : fitsText(text, value ?? '');
}

function fitsOptional(text: StringMatch, value: string | undefined): boolean {
  return value !== undefined && (asksForPresence(text) || fitsText(text, value));
}
