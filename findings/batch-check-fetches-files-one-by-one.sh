#!/usr/bin/env bash
# In a clone without files, `git cat-file --batch-check` is given the ids of all of them on standard input, and starts one
# fetch, that is one connection, for each. `git ls-tree -l` and `git grep` do the same; `git diff --stat` gathers what it
# lacks and starts one. So: fetch what is missing yourself before asking.
# Seen with git 2.39.5.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.test GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.test
git --version
git init --quiet --initial-branch=main host
(cd host && git commit --quiet --allow-empty -m begin && seq 1 5 | while read -r n; do echo "content $n" > "file$n"; done && git add . && git commit --quiet -m files)
git -C host config uploadpack.allowFilter true
git -C host config uploadpack.allowAnySHA1InWant true
count() {
  local title=$1
  shift
  rm -rf mirror
  git clone --quiet --bare --filter=blob:none "file://$PWD/host" mirror
  local fetches
  fetches=$(git -C mirror ls-tree -r main | cut -d' ' -f3 | cut -f1 | GIT_TRACE=1 git -C mirror "$@" 2>&1 > /dev/null | grep -c 'run_command: git .*fetch' || true)
  echo "$title: $fetches"
}
{
  count 'cat-file --batch-check' cat-file --batch-check
  count 'ls-tree -l' ls-tree -r -l main
  count 'grep' grep -c nowhere main
  count 'diff --stat' diff --stat main~1 main
} | tee seen
diff seen - <<'SEEN'
cat-file --batch-check: 5
ls-tree -l: 5
grep: 5
diff --stat: 1
SEEN
