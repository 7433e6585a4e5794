/// The scripts that make shells ask this program how a command line may go on.
extension Shell {
  /// The script, ending in a line feed.
  ///
  /// Each asks `customerctl complete -- WORD…`, which answers with a word a line and, behind a tab,
  /// what it is. Where nothing is answered the shell completes the names of files.
  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  /// The one for bash.
  ///
  /// Bash splits words at `=`, `:` and `@` too. What it already has of the word must be left out of
  /// the answers; `@` is taken out of its list, as it begins host names there.
  private static let bashScript = #"""
    # Completes command lines of customerctl; made by 'customerctl completions bash'.
    COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}
    _customerctl() {
      local line=${COMP_LINE:0:COMP_POINT} word answer had
      local -a words
      read -r -a words <<< "$line"
      [[ $line == *[[:space:]] ]] && words+=('')
      words[0]=customerctl
      word=${words[${#words[@]} - 1]}
      # What stands before the part of the word that bash will replace.
      had=''
      case $word in
        *[=:]*) had=${word%"${word##*[=:]}"} ;;
      esac
      COMPREPLY=()
      while IFS= read -r answer; do
        answer=${answer%%$'\t'*}
        COMPREPLY+=("${answer#"$had"}")
      done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2> /dev/null)
      # A word that is to be written on gets no space behind it.
      if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[=.] ]]; then
        compopt -o nospace 2> /dev/null
      fi
    }
    complete -o bashdefault -o default -F _customerctl customerctl

    """#

  private static let zshScript = #"""
    #compdef customerctl
    # Completes command lines of customerctl; made by 'customerctl completions zsh'.
    _customerctl() {
      local -a answers line says unfinished
      local answer
      line=("${(@)words[1,CURRENT]}")
      line[1]=customerctl
      answers=("${(@f)$("${words[1]}" complete -- "${line[@]}" 2> /dev/null)}")
      answers=("${(@)answers:#}")
      if (( ${#answers} == 0 )); then
        _files
        return
      fi
      for answer in "${answers[@]}"; do
        case $answer in
          *[=.]|*[=.]$'\t'*) unfinished+=("${answer%%$'\t'*}") ;;
          *$'\t'*) says+=("${${answer%%$'\t'*}//:/\\:}:${answer#*$'\t'}") ;;
          *) says+=("${answer//:/\\:}") ;;
        esac
      done
      (( ${#says} )) && _describe -V customerctl says
      (( ${#unfinished} )) && compadd -S '' -- "${unfinished[@]}"
    }
    (( $+functions[compdef] )) && compdef _customerctl customerctl

    """#

  private static let fishScript = #"""
    # Completes command lines of customerctl; made by 'customerctl completions fish'.
    function __customerctl_complete
        set -l words (commandline -opc) (commandline -ct)
        set -l program $words[1]
        set words[1] customerctl
        $program complete -- $words 2> /dev/null
    end
    function __customerctl_answers
        test (count (__customerctl_complete)) -gt 0
    end
    complete -c customerctl -n __customerctl_answers -f -a '(__customerctl_complete)'

    """#
}
