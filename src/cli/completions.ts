import type { Command } from 'commander';
import type { AnyRule } from '../engine/rule.ts';
import { type CompletedCommand, type CompletedOption, completedCommands } from './completion-words.ts';
import type { Shell } from './shells.ts';

/** `egress-lint completions SHELL`: a script that teaches the shell our commands, options and rules. To be sourced, or put where the shell looks. */
export function completionScript(shell: Shell, root: Command, rules: readonly AnyRule[]): string {
  const names = rules.map(({ meta }) => meta.name).sort();
  const commands = completedCommands(root, names);
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    default:
      return shell satisfies never;
  }
}

/** Bash splits words at `=`: what stands behind `--format=` comes as a word of its own. Does without bash-completion and bash 4, which are not everywhere. */
function bash(commands: readonly CompletedCommand[]): string {
  return `# bash completion for egress-lint: source <(egress-lint completions bash)
_egress_lint() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} cmd='' word words='' files='' at=0
  if [[ $cur == '=' ]]; then at=$COMP_CWORD cur=''; elif [[ $prev == '=' ]]; then at=$((COMP_CWORD-1)); fi
  if ((at > 0)); then
    prev=\${COMP_WORDS[at-1]}
    if [[ $prev != -* ]] && ((at > 2)); then
      prev=\${COMP_WORDS[at-2]}
      if [[ $prev == '=' ]]; then prev=\${COMP_WORDS[at-3]}; fi
      prev+='='
    fi
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$cmd $word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `      ${quoted(` ${path.join(' ')}`.replace(/^ (?=.* )/, ''))}) cmd=${quoted(path.join(' '))} ;;`)
  .join('\n')}
    esac
  done
  case "$cmd:$prev" in
${commands.flatMap(bashValues).join('\n')}
    *)
      case "$cmd" in
${commands.map(bashWords).join('\n')}
      esac ;;
  esac
  local IFS=$'\\n'
  COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$cur"))
  if [[ \${COMPREPLY[0]-} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  if [[ $files && $cur != -* ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _egress_lint egress-lint
`;
}

function bashValues({ path, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flags, values }) => {
    if (!values) return [];
    const patterns = flags.map((flag) => quoted(`${path.join(' ')}:${flag}`)).join(' | ');
    const assigned = flags.map((flag) => quoted(`${path.join(' ')}:${flag}=`)).join(' | ');
    return [
      `    ${patterns}) words=${quoted(values.words.join(' '))} files=${values.files ? '1' : "''"} ;;`,
      ...(values.assigned ? [`    ${assigned}) words=${quoted(values.assigned.join(' '))} ;;`] : []),
    ];
  });
}

function bashWords({ path, commands, options, positional }: CompletedCommand): string {
  const words = [...commands.map(({ name }) => name), ...positional.words, ...options.flatMap(({ flags }) => flags)];
  return `        ${quoted(path.join(' '))}) words=${quoted(words.join(' '))} files=${positional.files ? '1' : "''"} ;;`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const [main, ...others] = commands;
  if (!main) return '';
  return `#compdef egress-lint
# zsh completion for egress-lint: source <(egress-lint completions zsh), or save it as _egress-lint in a directory of $fpath
_egress_lint() {
  local cmd='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$cmd $word" in
${others.map(({ path }) => `      ${quoted(` ${path.join(' ')}`.replace(/^ (?=.* )/, ''))}) cmd=${quoted(path.join(' '))} ;;`).join('\n')}
    esac
  done
  case "$cmd" in
${commands.map(zshCase).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _egress_lint "$@"; else compdef _egress_lint egress-lint; fi
`;
}

function zshCase({ path, commands, options, positional }: CompletedCommand): string {
  const words = [...commands.map(({ name }) => name), ...positional.words];
  // Words of commands stand where an argument does: one action offers them and files.
  const actions = [...(words.length > 0 ? [`compadd -- ${words.join(' ')}`] : []), ...(positional.files ? ['_files'] : [])];
  // The word of a command is an argument, too: without any description of arguments nothing at all is completed behind it.
  const rest = [quoted(actions.length === 0 ? '*: : ' : `*: :{${actions.join('; ')}}`)];
  return `    ${quoted(path.join(' '))}) _arguments -S ${[...options.flatMap(zshOption), ...rest].join(' \\\n        ')} ;;`;
}

function zshOption({ flags, description, values }: CompletedOption): readonly string[] {
  const text = description.replace(/[[\]\\:]/g, '\\$&');
  return flags.map((flag) => {
    if (!values) return quoted(`*${flag}[${text}]`);
    const action = values.files ? '_files' : values.assigned ? assignment(values.words, values.assigned) : `(${values.words.join(' ')})`;
    return quoted(`*${flag}${flag.startsWith('--') ? '=' : ''}[${text}]: :${action}`);
  });
}

/** Words to which something is assigned: no space follows them. */
function assignment(words: readonly string[], assigned: readonly string[]): string {
  return `{if compset -P "*="; then compadd -- ${assigned.join(' ')}; else compadd -S "" -- ${words.join(' ')}; fi}`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const top = commands.flatMap(({ path }) => (path.length === 1 ? path : []));
  const lines = commands.flatMap((command) => {
    const condition = quoted(fishCondition(command.path, top));
    return [
      ...command.commands.map(({ name, description }) => `complete -c egress-lint -n ${condition} -a ${name} -d ${quoted(description)}`),
      ...(command.positional.words.length > 0 ? [`complete -c egress-lint -n ${condition} -a ${quoted(command.positional.words.join(' '))}`] : []),
      ...(command.positional.files ? [] : [`complete -c egress-lint -n ${condition} -f`]),
      ...command.options.map((option) => `complete -c egress-lint -n ${condition} ${fishOption(option)}`),
    ];
  });
  return `# fish completion for egress-lint: egress-lint completions fish | source\n${lines.join('\n')}\n`;
}

function fishCondition(path: readonly string[], top: readonly string[]): string {
  if (path.length === 0) return `not __fish_seen_subcommand_from ${top.filter((name) => name !== 'lint').join(' ')}`;
  return path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
}

function fishOption({ flags, description, values }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? [] : values.files ? ['-rF'] : [`-x -a ${quoted(values.words.join(' '))}`];
  return [...names, ...value, `-d ${quoted(description)}`].join(' ');
}

/** A word in single quotes, which all three shells read alike so long as it has none inside. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
