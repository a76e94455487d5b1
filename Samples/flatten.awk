# Turns a JSON document into lines of "path<tab>value", so that two documents can be compared with grep and awk:
# {"results":[{"status":"FAILED"}]} gives "results.0.status<tab>FAILED". Strings stay as they are spelled.
# For the small and well-formed documents of the demo.

{ text = text $0 " " }

END {
  at = 1
  value("")
}

function space() { while (at <= length(text) && index(" \t\r\n", substr(text, at, 1))) at++ }

function token(  start, c) {
  space()
  start = at
  if (substr(text, at, 1) == "\"") {
    for (at++; (c = substr(text, at, 1)) != "\"" && c != ""; at++) if (c == "\\") at++
    at++
    return substr(text, start + 1, at - start - 2)
  }
  while (at <= length(text) && !index(" \t\r\n,]}", substr(text, at, 1))) at++
  return substr(text, start, at - start)
}

function value(path,  open, n, name) {
  space()
  open = substr(text, at, 1)
  if (open != "{" && open != "[") {
    print path "\t" token()
    return
  }
  at++
  for (n = 0; ; n++) {
    space()
    if (at > length(text) || index("}]", substr(text, at, 1))) break
    if (substr(text, at, 1) == ",") { at++; space() }
    if (open == "{") { name = token(); space(); at++ } else name = n
    value(path == "" ? name : path "." name)
  }
  at++
}
