#!/usr/bin/env bash
# An environment with the peer, PyAutoArray 2026.10.26.1, for --peer:
#
#     bash benchmarks/peer_environment.sh DIR
#     python -m benchmarks fit --peer DIR/bin/python
#
# PYTHON chooses the interpreter (default python3). The release declares Python >= 3.12 and runs on 3.11.
set -eu
folder=${1:?usage: peer_environment.sh DIR}
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/pip" install --quiet numpy==2.4.6 scipy==1.17.1 scikit-image==0.26.0 scikit-learn==1.8.0 \
    jax==0.10.2 jaxlib==0.10.2 jaxnnls astropy matplotlib numba finufft tqdm decorator dill PyYAML typing-inspect
"$folder/bin/pip" install --quiet --no-deps --ignore-requires-python autoarray==2026.10.26.1 autonerves==2026.10.26.1
echo "$folder/bin/python"
