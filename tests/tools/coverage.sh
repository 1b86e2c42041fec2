#!/bin/sh
# Line and branch coverage per source file, lowest first, from the .gcda files of a build folder.
#   coverage.sh BUILD_DIR
cd "$1" || exit 1
find obj -name '*.gcda' | while read -r f; do
    gcov --branch-probabilities --no-output --object-directory "${f%/*}" "$f" 2>/dev/null |
        awk '/^File .src\//{gsub(/[^a-z0-9_\/.]/,"",$2); file=$2} /^Lines executed/ && file{split($2,a,":"); lines=a[2]; n=$4}
             /^(Branches executed|No branches)/ && file{split($2,b,":"); printf "%7s lines of %5s  %7s branches  %s\n", lines, n, b[2], file; file=""}'
done | sort -n
