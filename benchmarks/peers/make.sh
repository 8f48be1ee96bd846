#!/bin/sh
# Environments of their own for the libraries that the benchmarks compare with, and that write the fixtures.
#
#   benchmarks/peers/make.sh FOLDER
#
# On Linux, PIP_ARGS can name PyTorch's CPU builds (CONTRIBUTING).
set -eu
folder=$1
mkdir -p "$folder"
for each in saelens:sae-lens==6.54.12 saelens5:sae-lens==5.11.0 sparsify:eai-sparsify==1.3.3 dictionary_learning:dictionary-learning==0.1.0 circuitsvis:circuitsvis==1.43.3 saedashboard:sae-dashboard==0.8.0 transformerlens:transformer-lens==4.3.0 steering_vectors:steering-vectors==0.12.2; do
    name=${each%%:*}
    test -x "$folder/$name/bin/python" || python3 -m venv "$folder/$name"
    # shellcheck disable=SC2086
    "$folder/$name/bin/pip" install --quiet ${PIP_ARGS:-} "torch==2.13.0" "${each#*:}"
done
# before version 6 SAELens wants numpy 1, which newer pyarrow and datasets do not
"$folder/saelens5/bin/pip" install --quiet "pyarrow<20" "numpy<2" "datasets<4"
# SAEDashboard's datasets is of before numpy 2, which newer pyarrow wants
"$folder/saedashboard/bin/pip" install --quiet "pyarrow<20" "sae-lens==6.54.12" "transformer-lens==2.17.0"
# the transformers that these two run on: ours, or the newest that the library takes
"$folder/transformerlens/bin/pip" install --quiet "transformers==5.23.0"
"$folder/steering_vectors/bin/pip" install --quiet "transformers==4.57.6"
# torchvision comes with them, built for another torch, and breaks transformers
for name in dictionary_learning saedashboard; do
    "$folder/$name/bin/pip" uninstall --quiet --yes torchvision torchaudio
done
