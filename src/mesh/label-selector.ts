type Labels = Readonly<Record<string, string>>;

/** A LabelSelector of Kubernetes. */
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly { readonly key?: string; readonly operator?: string; readonly values: readonly string[] }[];
}

/** The label that Kubernetes gives every Namespace: its own name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Whether labels fit a selector: an empty one fits all. Operators that Kubernetes does not know fit nothing. */
export function fitsSelector({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every((expression) => fits(expression, labels));
}

function fits({ key = '', operator, values }: LabelSelector['matchExpressions'][number], labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** The labels of a Namespace, with the one that Kubernetes adds. */
export function namespaceLabels({ name, labels }: { readonly name: string; readonly labels: Labels }): Labels {
  return { ...labels, [NAME_LABEL]: name };
}

/** Whether a Namespace of which only the name is known may fit a selector: of its other labels nothing is known. */
export function mayFitByName({ matchLabels, matchExpressions }: LabelSelector, name: string): boolean {
  const written = matchLabels[NAME_LABEL];
  if (written !== undefined && written !== name) return false;
  return matchExpressions.every((expression) => expression.key !== NAME_LABEL || fits(expression, { [NAME_LABEL]: name }));
}
