#!/bin/sh
# Runs a command that must not outlive the process that started it: standard input is a pipe from that process, and when
# it closes – also because the process was killed with -9 – the command is killed. Prints the command's pid first.
exec 3<&0
"$@" </dev/null >>"$GUARDED_LOG" 2>&1 3<&- &
pid=$!
echo "$pid"
exec >/dev/null 2>&1
(cat <&3 >/dev/null; kill -9 "$pid") &
guard=$!
exec 3<&-
wait "$pid"
code=$?
kill "$guard"
exit "$code"
