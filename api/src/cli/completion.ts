import { type Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** The words that can follow a path of commands such as ` events ls`; the empty path is the program itself. */
type Words = Map<string, string[]>;

/** `completion`: prints a shell script that completes commands and options, generated from the commands themselves. */
export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](wordsOf(program), program.name());
}

function wordsOf(command: Command, path = '', inherited: readonly Option[] = [], words: Words = new Map()): Words {
  const options = [...command.options, ...inherited, new Option('--help')].filter(({ hidden }) => !hidden);
  words.set(path, [
    ...command.commands.map((child) => child.name()),
    ...new Set(options.flatMap(({ long }) => (long && long !== '--version' ? [long] : []))),
  ]);
  const global = command.parent ? inherited : command.options;
  for (const child of command.commands) wordsOf(child, `${path} ${child.name()}`, global, words);
  return words;
}

/** In each script, `path` collects the words that are commands, and skips options in between. */
const SCRIPTS: Record<Shell, (words: Words, name: string) => string> = {
  bash: (words, name) => `# bash completion for ${name}: eval "$(${name} completion bash)"
_${name}() {
  local path='' proposals='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${paths(words, '|')}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${cases(words, (path, list) => `    '${path}') proposals='${list}' ;;`)}
  esac
  COMPREPLY=($(compgen -W "$proposals" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`,
  zsh: (words, name) => `# zsh completion for ${name}: eval "$(${name} completion zsh)", after compinit
_${name}() {
  local level='' proposals='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$level $word" in
      ${paths(words, '|')}) level="$level $word" ;;
    esac
  done
  case "$level" in
${cases(words, (path, list) => `    '${path}') proposals='${list}' ;;`)}
  esac
  compadd -- \${=proposals} || _files
}
compdef _${name} ${name}
`,
  fish: (words, name) => `# fish completion for ${name}: ${name} completion fish | source
function __${name}_proposals
  set -l level ''
  for word in (commandline -opc)[2..-1]
    switch "$level $word"
      case ${paths(words, ' ')}
        set level "$level $word"
    end
  end
  switch "$level"
${cases(words, (path, list) => `    case '${path}'\n      string split ' ' -- '${list}'`)}
  end
end
complete -c ${name} -f -a '(__${name}_proposals)'
complete -c ${name} -n '__fish_seen_subcommand_from apply' -F
`,
};

function paths(words: Words, separator: string): string {
  return [...words.keys()]
    .filter((path) => path !== '')
    .map((path) => `'${path}'`)
    .join(separator);
}

function cases(words: Words, write: (path: string, list: string) => string): string {
  return [...words].map(([path, list]) => write(path, list.join(' '))).join('\n');
}
