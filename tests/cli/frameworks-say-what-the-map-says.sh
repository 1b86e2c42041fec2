# The framework files and the control map they are kept from name the same controls, queries and strengths.
map=$T/../shared/control_map.tsv
[ -f "$map" ] || { echo "SKIP the control map is not here"; exit 0; }
command -v python3 >/dev/null || { echo "SKIP python3 is not here"; exit 0; }
python3 "$T/tests/tools/frameworks.py" "$map"
echo "-> $?"
