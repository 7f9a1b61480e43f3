#!/bin/sh
# Run this from the directory of package.json while the gate of this example runs.
set -eu
JUPYTER_GATE_CONFIG="$(dirname "$0")/gate.yaml"
export JUPYTER_GATE_CONFIG

# Whoever is signed in may read and save, and run nothing.
npx jupyter-gate grant role:everyone editor
# Two authors. Each line prints a sign-in link to send to that person.
npx jupyter-gate user add ana --display-name 'Ana Author'
npx jupyter-gate user add ben --display-name 'Ben Author'
