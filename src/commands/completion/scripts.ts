// The scripts of `zookit completion`, one for each shell. Each hands the words up to the cursor to `zookit completion --words`
// and offers the lines that come back; `:files` and `:folders` are the shell's own work. Data only.

const bash = String.raw`# zookit's words in bash. In ~/.bashrc:  source <(zookit completion bash)
_zookit() {
  local current=$2 line
  [[ $current == = ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
        ;;
      :folders)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
        ;;
      ?*) COMPREPLY+=("$line") ;;
    esac
  done < <("$1" completion --words "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _zookit zookit
`;

const zsh = String.raw`#compdef zookit
# zookit's words in zsh. In ~/.zshrc, after compinit:  source <(zookit completion zsh)
_zookit() {
  local line
  local -a found
  for line in "${'$'}{(@f)$("${'$'}{words[1]}" completion --words "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      :files) _files ;;
      :folders) _files -/ ;;
      ?*) found+=("$line") ;;
    esac
  done
  (( ${'$'}{#found} == 0 )) || compadd -M 'm:{a-zA-Z}={A-Za-z}' -- "${'$'}{found[@]}"
}
if [[ ${'$'}{funcstack[1]} == _zookit ]]; then
  _zookit "$@"
else
  compdef _zookit zookit
fi
`;

const fish = String.raw`# zookit's words in fish:  zookit completion fish > ~/.config/fish/completions/zookit.fish
function __zookit_words
    set -l before (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    for line in ($before[1] completion --words $before[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current" ''
            case '*'
                echo $line
        end
    end
end
complete --command zookit --no-files --arguments '(__zookit_words)'
`;

/** PowerShell before 7.3 drops empty arguments: two quotes stand for one. */
const powershell = String.raw`# zookit's words in PowerShell. In $PROFILE:  zookit completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName zookit, zookit.cmd -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { $_.Extent.Text })
    if ($wordToComplete -eq '') { $words += '""' }
    $program = $commandAst.CommandElements[0].Extent.Text
    & $program completion --words @words 2>$null | ForEach-Object {
        if ($_ -eq ':files' -or $_ -eq ':folders') {
            Get-ChildItem -Name -Path "$wordToComplete*" -Directory:($_ -eq ':folders')
        } else { $_ }
    } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;

/** By the names that people type. */
export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
