#!/bin/bash
# What git has to do to get the Dockerfiles of repositories: git-alone.sh LIST FOLDER JOBS
set -euo pipefail
export GIT_TERMINAL_PROMPT=0 LC_ALL=C

one() {
  folder=$1/$(basename "$2")
  cp -r "$1/template" "$folder"
  export GIT_DIR=$folder
  git ls-remote --symref "$2" HEAD > "$folder/refs-there"
  git -c remote.origin.url="$2" fetch --quiet --depth=1 --filter=blob:none --no-tags \
    --no-write-fetch-head --no-auto-maintenance origin +refs/heads/main:refs/here
  git ls-tree -r --full-tree refs/here | awk '/[\/\t]Dockerfile/ { print $3 }' > "$folder/ids"
  git -c remote.origin.url="$2" -c fetch.negotiationAlgorithm=noop fetch --quiet \
    --filter=blob:none --no-tags --no-write-fetch-head --no-auto-maintenance --stdin \
    origin < "$folder/ids"
  git cat-file --batch < "$folder/ids" > "$folder/texts"
}
export -f one

git init --quiet --bare --template= "$2/template"
git -C "$2/template" config core.repositoryFormatVersion 1
git -C "$2/template" config extensions.partialClone origin
git -C "$2/template" config remote.origin.promisor true
xargs -P "$3" -I URL bash -c 'one "$0" "$1"' "$2" URL < "$1"
