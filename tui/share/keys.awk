# The manual page's list of keys, from tui/input/action.def: "make man-keys" puts it in, lint
# checks that it is there as it should be.
BEGIN {
    split("MOVE LOOK FIND TIME RUN SCREENS PROGRAM", order, " ")
    title["MOVE"] = "Moving"; title["LOOK"] = "Looking"; title["FIND"] = "Finding"
    title["TIME"] = "Time"; title["RUN"] = "Running"; title["SCREENS"] = "Screens"
    title["PROGRAM"] = "The program"
}
function mdoc(key) {
    if (key == "↑") return "up"
    if (key == "↓") return "down"
    if (key == "←") return "left"
    if (key == "→") return "right"
    if (key == "\\\\") return "\\e"
    if (key ~ /^[]!?:;.,()|[]$/) return "\\&" key
    if (key == "-") return "\\-"
    return key
}
/^X\(/ {
    n = split($0, part, "\"")
    split(part[1], head, /[(, ]+/)
    keys = part[2]; help = part[n - 1]
    count = split(keys, key, " ")
    line = ""
    for (i = 1; i <= count; i++) line = line (i > 1 ? ", " : "") mdoc(key[i])
    text[head[3]] = text[head[3]] ".It " line "\n" help "\n"
}
END {
    for (i = 1; i in order; i++) {
        if (!(order[i] in text)) continue
        printf ".Ss %s\n.Bl -tag -width \"Esc, Backspace\"\n%s.El\n", title[order[i]], text[order[i]]
    }
}
