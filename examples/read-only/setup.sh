#!/bin/sh
# Run this from the directory of package.json while the gate of this example runs.
set -eu
JUPYTER_GATE_CONFIG="$(dirname "$0")/gate.yaml"
export JUPYTER_GATE_CONFIG

# Whoever opens the address may look around, without signing in.
npx jupyter-gate grant anonymous viewer
# Whoever signs in may do at least the same.
npx jupyter-gate grant role:everyone viewer
