#!/bin/bash
# benchmarks/device.sh [OUT] [options]: the evaluation on an accelerator, checked against NumPy and timed, in 8 minutes.
# OUT (default: device) receives device.json, device.txt (the table) and device.log. For the options see
# `python -m benchmarks.device --help`. PYTHON names the interpreter; what it lacks is installed in OUT/packages.
set -euo pipefail
out=device
if [[ $# -gt 0 && $1 != -* ]]; then
    out=$1
    shift
fi
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

has_gpu() { [[ ${JAX_PLATFORMS:-} != cpu ]] && nvidia-smi -L 2>/dev/null | grep -q '^GPU'; }
reaches_gpu() { "$python" -c 'import jax; raise SystemExit(jax.default_backend() == "cpu")' 2>/dev/null; }

missing=()
for name in numpy scipy jax; do
    "$python" -c "import $name" 2>/dev/null || missing+=("$name")
done
if has_gpu && ! reaches_gpu; then
    driver=$(nvidia-smi --query-gpu=driver_version --format=csv,noheader | head -1)
    cuda=cuda12
    if [[ ${driver%%.*} -ge 580 ]]; then cuda=cuda13; fi
    version=$("$python" -c 'import jax; print("==" + jax.__version__)' 2>/dev/null || true)
    missing+=("jax[$cuda]$version")
fi
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "installing into $out/packages: ${missing[*]}"
    "$python" -m pip install --quiet --target "$out/packages" "${missing[@]}" ||
        echo "the installation failed; going on with what is there" >&2
fi

export PYTHONPATH=$PWD:$out/packages XLA_PYTHON_CLIENT_PREALLOCATE=false XLA_PYTHON_CLIENT_MEM_FRACTION=.95
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TF_CPP_MIN_LOG_LEVEL=${TF_CPP_MIN_LOG_LEVEL:-2}
exec "$python" -m benchmarks.device "$out" "$@"
