# The manual's list of faults from contract/serve/fault.def: X(name, takes, "unit", "help").
BEGIN { FS = "\""; print ".Bl -tag -width \"unknownreceipt\"" }
/^X\(/ {
    split($1, head, /[(, ]+/)
    print ".It Li " head[2]
    if (head[3] == "TIMES")
        print "so many " $2 " " $4
    else if (head[3] == "SHARD")
        print "this shard " $4
    else
        print $4 ($2 == "N" || $2 == "BLOCKS" ? "" : " (" $2 ")")
}
END { print ".El" }
