# The completions of a shell, from the program's own tables: awk -v shell=bash|zsh|fish, over
# what `neartop --dump-tables` prints and a line "theme<TAB>NAME" for each theme that is
# installed. What an option's value is, is told by the argument's name in the table.
BEGIN {
    FS = "\t"
    q = sprintf("%c", 39)
}
$1 == "command" { command[++commands] = $2; letter[$2] = $3; arguments[$2] = $4; about[$2] = $5 }
$1 == "option"  { option[++options] = $2; takes[$2] = $3; letters[$2] = $4; argument[$2] = $5; help[$2] = $6 }
$1 == "alone"   { alone[++alones] = $2; argument_alone[$2] = $3; about[$2] = $4 }
$1 == "network" { networks = networks (networks ? " " : "") $2 }
$1 == "theme"   { themes = themes (themes ? " " : "") $2 }
$1 == "drill"   { drills = drills (drills ? " " : "") $2 }
$1 == "fault"   { fault[++faults] = $2; unit[$2] = $3; about_fault[$2] = $4 }
END {
    for (i = 1; i <= commands; i++)
        names = names (i > 1 ? " " : "") command[i]
    for (i = 1; i <= alones; i++)
        names_alone = names_alone (i > 1 ? " " : "") alone[i]
    for (i = 1; i <= faults; i++)
        fault_names = fault_names (i > 1 ? " " : "") fault[i]
    print "# Completion of neartop for " shell ", made from its tables."
    if (shell == "bash") bash()
    else if (shell == "zsh") zsh()
    else fish()
}
# The words that a value can be; empty: not known here.
function words(of) {
    if (of == "NAME") return networks
    if (of == "THEME") return themes
    if (of == "WHO=HOW") return drills
    if (of == "WHEN") return "auto always never"
    if (of == "URL|off") return "off"
    return ""
}
# The commands whose first argument can be a call of the settings.
function with_calls(    c, list) {
    for (c = 1; c <= commands; c++)
        if (arguments[command[c]] ~ /CONTRACT/) list = list (list ? " " : "") command[c]
    return list
}
# A word of a table inside single quotes.
function quoted(text) {
    gsub(q, q "\\" q q, text)
    return q text q
}

# --- bash: what stands before the cursor is read anew, since readline has cut it at "=" and ":" --
function bash(    i, c) {
    print "_neartop_options() {\n    case $1 in"
    for (c = 1; c <= commands; c++) {
        printf "    %s) echo \"", command[c]
        for (i = 1; i <= options; i++)
            if (index(letters[option[i]], letter[command[c]])) printf "%s ", option[i]
        print "--help\" ;;"
    }
    print "    esac\n}"
    print "_neartop_value() {\n    local cur=$2\n    case $1 in"
    for (i = 1; i <= options; i++)
        if (takes[option[i]] != "FLAG") bash_value(option[i], argument[option[i]])
    for (i = 1; i <= alones; i++)
        if (argument_alone[alone[i]]) bash_value(alone[i], argument_alone[alone[i]])
    print "    *) return 1 ;;\n    esac\n    return 0\n}"
    print "_neartop_drills() {"
    print "    local cur=$1 before="
    print "    [[ $cur == *,* ]] && before=${cur%,*},"
    printf "    COMPREPLY=($(compgen -P \"$before\" -S = -W %s -- \"${cur##*,}\"))\n}\n", quoted(fault_names)
    print "_neartop_paths() {"
    print "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$2\")"
    print "    compopt -o filenames 2>/dev/null\n}"
    print "_neartop_accounts() {"
    print "    (cd ~/.near-credentials 2>/dev/null && printf '%s\\n' */*.json | sed -n 's:.*/\\(.*\\)\\.json$:\\1:p' | grep -vxF '*')"
    print "}"
    print "# The calls of the settings, where a contract can stand."
    print "_neartop_calls() {"
    print "    COMPREPLY=($(compgen -W \"$(\"${1/#\\~/$HOME}\" --list-calls 2>/dev/null | cut -f1)\" -- \"$2\"))"
    print "}"
    print "_neartop() {"
    print "    local line=${COMP_LINE:0:COMP_POINT} IFS=$' \\t\\n' words cur prev"
    print "    read -ra words <<<\"$line\""
    print "    [[ $line == *[[:space:]] ]] && words+=('')"
    print "    COMPREPLY=()"
    print "    # Without a command it is the first of them."
    printf "    [[ ${#words[@]} -gt 2 && ${words[1]} == -* && ${words[1]} != --check-theme ]] && words=(\"${words[0]}\" %s \"${words[@]:1}\")\n", command[1]
    print "    cur=${words[${#words[@]}-1]} prev=${words[${#words[@]}-2]}"
    print "    if [[ ${#words[@]} -le 2 && $cur != --*=* ]]; then"
    printf "        COMPREPLY=($(compgen -W \"%s $(_neartop_options %s)\" -- \"$cur\"))\n", names " help version " names_alone, command[1]
    print "    elif [[ $cur == --*=* ]]; then"
    print "        _neartop_value \"${cur%%=*}\" \"${cur#*=}\""
    print "        COMPREPLY=(\"${COMPREPLY[@]/#/${cur%%=*}=}\")"
    print "    elif _neartop_value \"$prev\" \"$cur\"; then"
    print "        :"
    print "    elif [[ ${words[1]} == help ]]; then"
    printf "        COMPREPLY=($(compgen -W %s -- \"$cur\"))\n", quoted(names)
    print "    elif [[ $cur == -* ]]; then"
    print "        COMPREPLY=($(compgen -W \"$(_neartop_options \"${words[1]}\")\" -- \"$cur\"))"
    print "    elif [[ ${words[1]} == fault ]]; then"
    print "        _neartop_drills \"$cur\""
    printf "    elif [[ ${#words[@]} -eq 3 && ' %s ' == *\" ${words[1]} \"* ]]; then\n", with_calls()
    print "        _neartop_calls \"${words[0]}\" \"$cur\""
    print "    elif [[ $cur == @* ]]; then"
    print "        COMPREPLY=($(compgen -P @ -f -- \"${cur#@}\"))"
    print "    fi"
    print "    # What readline replaces begins behind the last of its breaks."
    print "    local cut="
    print "    [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]] && cut=${cur%\"${cur##*=}\"}"
    print "    [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && cut=${cur%\"${cur##*:}\"}"
    print "    [[ -n $cut ]] && COMPREPLY=(\"${COMPREPLY[@]#\"$cut\"}\")"
    print "    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null"
    print "    return 0\n}"
    print "complete -F _neartop neartop"
}
function bash_value(name, of) {
    printf "    %s) ", name
    if (of == "FILE") print "_neartop_paths -f \"$cur\" ;;"
    else if (of == "FOLDER") print "_neartop_paths -d \"$cur\" ;;"
    else if (of == "COMMAND") print "COMPREPLY=($(compgen -c -- \"$cur\")) ;;"
    else if (of == "LIST") print "_neartop_drills \"$cur\" ;;"
    else if (of == "ACCOUNT") print "COMPREPLY=($(compgen -W \"$(_neartop_accounts)\" -- \"$cur\")) ;;"
    else if (of == "THEME") print "COMPREPLY=($(compgen -W " quoted(words(of)) " -- \"$cur\") $(compgen -f -X '!*.theme' -- \"$cur\")) ;;"
    else if (words(of)) print "COMPREPLY=($(compgen -W " quoted(words(of)) " -- \"$cur\")) ;;"
    else print ";;"
}

# --- zsh --------------------------------------------------------------------------------------
function zsh(    i, c) {
    # What makes zsh read the file has to be its first line: the rule puts it there.
    print "_neartop_drills() {\n    _values -s , drill \\"
    for (i = 1; i <= faults; i++)
        printf "        %s%s\n", quoted(fault[i] "[" zsh_text(about_fault[fault[i]]) "]:" zsh_text(unit[fault[i]]) ":"), i < faults ? " \\" : ""
    print "}"
    print "_neartop_accounts() {"
    print "    local -a names\n    names=(~/.near-credentials/*/*.json(N:t:r))\n    compadd -a names\n}"
    print "_neartop_calls() {"
    print "    local -a calls\n    calls=(${(f)\"$(_call_program calls neartop --list-calls 2>/dev/null)\"})"
    print "    calls=(${calls//:/\\\\:})\n    calls=(${calls/$'\\t'/:})"
    print "    _describe -t calls 'call of the settings' calls\n}"
    print "_neartop_command() {\n    case $words[1] in"
    for (c = 1; c <= commands; c++) {
        printf "    %s)\n        _arguments -S \\\n", command[c]
        for (i = 1; i <= options; i++)
            if (index(letters[option[i]], letter[command[c]])) printf "            %s \\\n", zsh_spec(option[i])
        printf "            %s", quoted("--help[" zsh_text(about["--help"]) "]")
        zsh_arguments(arguments[command[c]])
        print "\n        ;;"
    }
    printf "    help) _values command %s ;;\n", names
    print "    esac\n}"
    print "_neartop() {\n    local curcontext=$curcontext state line\n    _arguments -C '1: :->command' '*:: :->rest'"
    print "    case $state in\n    command)\n        local -a commands\n        commands=("
    for (c = 1; c <= commands; c++)
        printf "            %s\n", quoted(command[c] ":" zsh_text(about[command[c]]))
    print "            'help:the options of a command'\n            'version:the version'\n        )"
    print "        local -a alone\n        alone=("
    for (i = 1; i <= alones; i++)
        printf "            %s\n", quoted(alone[i] ":" zsh_text(about[alone[i]]))
    print "        )\n        _describe command commands -- alone"
    printf "        words=(%s $words[2,-1])\n        [[ $PREFIX == -* ]] && _neartop_command\n        ;;\n", command[1]
    print "    rest)\n        if [[ $words[1] == --check-theme ]]; then"
    printf "            _alternative %s %s\n", quoted("themes:theme:(" themes ")"), quoted("files:file:_files -g \"*.theme\"")
    print "        else"
    printf "            [[ $words[1] == -* ]] && words=(%s $words) && (( CURRENT++ ))\n", command[1]
    print "            _neartop_command\n        fi\n        ;;\n    esac\n}"
    print "_neartop \"$@\""
}
function zsh_text(text) {
    gsub(/\[|\]|:|\\/, "\\\\&", text)
    return text
}
function zsh_spec(name,    of) {
    of = argument[name]
    if (takes[name] == "FLAG") return quoted(name "[" zsh_text(help[name]) "]")
    return quoted(name "=[" zsh_text(help[name]) "]:" zsh_text(of) ":" zsh_action(of))
}
function zsh_action(of) {
    if (of == "FILE") return "_files"
    if (of == "FOLDER") return "_files -/"
    if (of == "COMMAND") return "_command_names -e"
    if (of == "LIST") return "_neartop_drills"
    if (of == "ACCOUNT") return "_neartop_accounts"
    return words(of) ? "(" words(of) ")" : ""
}
function zsh_arguments(text,    n, i, part, word) {
    n = split(text, part, " ")
    for (i = 1; i <= n; i++) {
        word = part[i]
        gsub(/\[|\]/, "", word)
        printf " \\\n            %s", quoted(i ":" (word == part[i] ? "" : ":") word ":" (word == "LIST" ? "_neartop_drills" : word == "CONTRACT" ? "_neartop_calls" : ""))
    }
}

# --- fish ---------------------------------------------------------------------------------------
function fish(    i, c, list, name) {
    print "complete -c neartop -f"
    print "function __neartop_accounts\n    path basename ~/.near-credentials/*/*.json 2>/dev/null | string replace -r '\\.json$' ''\nend"
    print "function __neartop_calls\n    set -l words (commandline -opc)\n    $words[1] --list-calls 2>/dev/null\nend"
    print "function __neartop_drills\n    set -l before (string match -r '.*,' -- (commandline -ct | string replace -r '^--[a-z-]*=' ''))"
    for (i = 1; i <= faults; i++)
        printf "    printf '%%s%%s=\\t%%s\\n' \"$before\" %s %s\n", fault[i], fish_text(about_fault[fault[i]])
    print "end"
    for (c = 1; c <= commands; c++)
        printf "complete -c neartop -n __fish_use_subcommand -a %s -d %s\n", command[c], fish_text(about[command[c]])
    print "complete -c neartop -n __fish_use_subcommand -a help -d 'the options of a command'"
    print "complete -c neartop -n __fish_use_subcommand -a version -d 'the version'"
    for (i = 1; i <= alones; i++)
        printf "complete -c neartop %s-l %s %s-d %s\n", alone[i] == "--help" ? "" : "-n __fish_use_subcommand ", substr(alone[i], 3),
            argument_alone[alone[i]] ? "-x -a " fish_text(themes " (__fish_complete_suffix .theme)") " " : "", fish_text(about[alone[i]])
    printf "complete -c neartop -n '__fish_seen_subcommand_from help' -a %s\n", fish_text(names)
    printf "complete -c neartop -n '__fish_seen_subcommand_from %s; and test (count (commandline -opc)) -eq 2' -a '(__neartop_calls)'\n", with_calls()
    print "complete -c neartop -n '__fish_seen_subcommand_from fault' -a '(__neartop_drills)'"
    for (i = 1; i <= options; i++) {
        name = option[i]
        list = ""
        for (c = 1; c <= commands; c++)
            if (index(letters[name], letter[command[c]])) list = list " " command[c]
        if (index(letters[name], letter[command[1]])) list = list "; or __fish_use_subcommand"
        printf "complete -c neartop -n '__fish_seen_subcommand_from%s' -l %s%s -d %s\n", list, substr(name, 3), fish_value(argument[name], takes[name]), fish_text(help[name])
    }
}
function fish_text(text) {
    gsub(/\\/, "\\\\&", text)
    gsub(q, "\\" q, text)
    return q text q
}
function fish_value(of, how) {
    if (how == "FLAG") return ""
    if (of == "FILE") return " -r -F"
    if (of == "FOLDER") return " -x -a '(__fish_complete_directories)'"
    if (of == "COMMAND") return " -x -a '(__fish_complete_command)'"
    if (of == "LIST") return " -x -a '(__neartop_drills)'"
    if (of == "ACCOUNT") return " -x -a '(__neartop_accounts)'"
    if (of == "THEME") return " -x -a " fish_text(words(of) " (__fish_complete_suffix .theme)")
    return words(of) ? " -x -a " fish_text(words(of)) : " -x"
}
