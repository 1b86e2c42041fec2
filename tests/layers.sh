#!/bin/sh
# A layer never includes a sibling or a layer above it, and each library has one door. Reads the #include lines.
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

# may LAYER "LAYERS IT MAY INCLUDE"
may() {
    bad=$(grep -nE '^#include "(base|model|sources|store|analysis|render|deliver|pipeline|cli)/' src/"$1"/*.[ch] include/"$1"/*.h 2>/dev/null |
        grep -vE "#include \"($(echo "$2" | tr ' ' '|'))/")
    result "$1 includes only: $2" "$bad"
}

# door HEADER "FILES THAT MAY"
door() {
    bad=$(grep -rnE "^#include [<\"]$1[>\"]" src include tests --include='*.[ch]' | grep -vE "^($2):")
    result "<$1> is included in one place" "$bad"
}

result() {
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1)); echo "FAILED $1"; echo "$2"
    fi
}

may base 'base'
may model 'base model'
may sources 'base model sources'
may store 'base model store'
may analysis 'base model store analysis'
may render 'base model render'
may deliver 'base model deliver'
may pipeline 'base model sources store analysis render deliver pipeline'
may cli 'base model sources store analysis render deliver pipeline cli'
door 'sqlite3\.h' 'src/store/[a-z0-9_]+\.[ch]|tests/[a-z]+/store_[a-z0-9_]+\.c'
door 'hpdf\.h' 'src/render/(pdf|font)[a-z0-9_]*\.[ch]'
door 'xlsxwriter\.h' 'src/render/xlsx[a-z0-9_]*\.[ch]'
door 'jansson\.h' 'include/base/json\.h|tests/fuzz/[a-z0-9_]+\.c'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
