#!/usr/bin/env bash
# A clone without files asks for two of them by their ids. From a host whose repository has no bitmap both come; once
# `git repack -ad` or gc has written one (both do by themselves in bare repositories), the answer is an empty pack and the fetch fails,
# because the host takes the files of a commit that the clone says it has as present. With
# fetch.negotiationAlgorithm=noop, which git sets for its own fetches of missing objects, both come again.
# Seen with git 2.39.5.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.test GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.test
git --version
git init --quiet --initial-branch=main work
(cd work && for file in one two; do echo "$file" > "$file"; git add .; git commit --quiet -m "$file"; done)
git clone --quiet --bare work host
git -C host config uploadpack.allowFilter true
git -C host config uploadpack.allowAnySHA1InWant true
files() { git -C host ls-tree -r main | cut -d' ' -f3 | cut -f1; }
ask() {
  local title=$1
  shift
  rm -rf mirror
  git clone --quiet --bare --filter=blob:none "file://$PWD/host" mirror
  local ended=0
  files | git -C mirror "$@" fetch --quiet --no-write-fetch-head --filter=blob:none --stdin origin 2> /dev/null || ended=$?
  local here
  here=$(git -C mirror cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c blob || true)
  echo "$title: exit $ended, $here of 2 files"
}
{
  git -C host -c repack.writeBitmaps=false repack --quiet -ad
  ask 'without a bitmap'
  git -C host repack --quiet -ad
  ask 'with a bitmap'
  ask 'with a bitmap, noop' -c fetch.negotiationAlgorithm=noop
} | tee seen
diff seen - <<'SEEN'
without a bitmap: exit 0, 2 of 2 files
with a bitmap: exit 1, 0 of 2 files
with a bitmap, noop: exit 0, 2 of 2 files
SEEN
