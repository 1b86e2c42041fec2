# The configuration is read strictly: an unknown key, a wrong type and an unknown environment name their line.
try() { printf '%s\n' "$1" >auditpress.json; $A config show >/dev/null; echo "-> $?"; }
try '{"organization": "X",
 "enviroments": []}'
try '{"zone": "Mars/Base"}'
try '{"environments": [{"name": "prod"}],
 "environment_map": [{"environment": "production"}]}'
try '{"people": [{"email": "a@b.example"}]}'
try '{"organization": 5}'
try '{"organization": "X",}'
try '{"people": "missing.json"}'
