#!/bin/sh
# Run this from the directory of package.json while the gate of this example runs.
set -eu
JUPYTER_GATE_CONFIG="$(dirname "$0")/gate.yaml"
export JUPYTER_GATE_CONFIG

# The class: each line prints a sign-in link to send to that person.
npx jupyter-gate user add student1
npx jupyter-gate user add student2
# The lesson: they may read and run on kernels of their own, save nothing, and the right ends by itself.
npx jupyter-gate grant student1 temporary --expires 2h
npx jupyter-gate grant student2 temporary --expires 2h
# The teacher writes what the class opens.
npx jupyter-gate user add teacher
npx jupyter-gate grant teacher full
