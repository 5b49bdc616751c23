# shellcheck shell=bash
# The object store that backups go to: anything that speaks S3. backups.sh sources it.
#
# OBJECT_STORE_URL is s3://BUCKET[/FOLDER]; keys are relative to it. Requests are made with curl, which signs
# them itself and starts forty times as quickly as aws; the aws program does what one request cannot hold.
# No answer, or a refusal, ends the script: a store that is down must never pass for one without backups.

# The most that S3 takes in one request, in bytes: 5 GiB.
STORE_PUT_LIMIT=$((5 << 30))

STORE_CONFIG=''

uses_object_store() {
  [[ -n ${OBJECT_STORE_URL-} ]]
}

# connect_store finds out address and credentials, once. They are nobody's arguments: curl reads them from a pipe.
connect_store() {
  [[ -z $STORE_CONFIG ]] || return 0
  require_env AWS_REGION
  local at=${OBJECT_STORE_URL#s3://} access secret token
  at=${at%/}
  STORE_BUCKET=${AWS_ENDPOINT_URL:-https://s3.$AWS_REGION.amazonaws.com}
  STORE_BUCKET=${STORE_BUCKET%/}/${at%%/*}
  STORE_FOLDER=
  [[ $at != */* ]] || STORE_FOLDER=${at#*/}/
  { read -r access && read -r secret && read -r token; } < <(store_credentials) ||
    fail "no credentials for $OBJECT_STORE_URL" "set AWS_SHARED_CREDENTIALS_FILE, and AWS_PROFILE if they are not the default ones there"
  STORE_CONFIG="user = \"$access:$secret\"
aws-sigv4 = \"aws:amz:$AWS_REGION:s3\"
silent
show-error
connect-timeout = 5
speed-time = 30
speed-limit = 1
retry = 2
retry-connrefused
${token:+header = \"x-amz-security-token: $token\"}"
}

# store_credentials prints access key, secret key and session token, a line each: those of the file, or what aws finds.
store_credentials() {
  local listed
  listed=$(awk -v profile="[${AWS_PROFILE:-default}]" '
    /^\[/ { ours = $0 == profile }
    ours && match($0, / *= */) { value[substr($0, 1, RSTART - 1)] = substr($0, RSTART + RLENGTH) }
    END { if ("aws_access_key_id" in value) print value["aws_access_key_id"] "\n" value["aws_secret_access_key"] "\n" value["aws_session_token"] }' \
    "${AWS_SHARED_CREDENTIALS_FILE:-/dev/null}") || return 1
  if [[ -n $listed ]]; then
    printf '%s\n\n' "$listed"
  else
    aws configure export-credentials --format process | jq --raw-output '.AccessKeyId, .SecretAccessKey, .SessionToken // ""'
  fi
}

# ask_store METHOD URL FILE [OPTION…] makes one request, writes the answer to FILE and sets STORE_STATUS to its status.
ask_store() {
  STORE_STATUS=$(curl --config <(echo "$STORE_CONFIG") --request "$1" --output "$3" --write-out '%{http_code}' "${@:4}" "$2") ||
    fail "the object store at ${STORE_BUCKET%/*} does not answer" "see the message above; backups that are in $BACKUP_DIR too can be restored with OBJECT_STORE_URL empty"
}

# refused_by_store WHAT FILE ends the script with the store's own words.
refused_by_store() {
  local message
  message=$(sed -n 's/.*<Message>\([^<]*\)<.*/\1/p' "$2" 2> /dev/null | head --lines 1)
  fail "the object store refuses to $1: status $STORE_STATUS${message:+, $message}" "check OBJECT_STORE_URL, the credentials and the store's free space"
}

# store_put FILE KEY SHA256 uploads a file. The store refuses what arrives with another checksum.
store_put() {
  connect_store
  if (($(stat --format %s "$1") > STORE_PUT_LIMIT)); then
    aws s3 cp --only-show-errors "$1" "${OBJECT_STORE_URL%/}/$2" ||
      fail "$2 is not uploaded" "see the message above, and run this again"
    return
  fi
  make_scratch
  ask_store PUT "$STORE_BUCKET/$STORE_FOLDER$2" "$SCRATCH/answer" --upload-file "$1" --header "x-amz-content-sha256: $3"
  [[ $STORE_STATUS == 200 ]] || refused_by_store "take $2" "$SCRATCH/answer"
}

# store_get KEY FILE downloads an object; fails when there is none.
store_get() {
  connect_store
  ask_store GET "$STORE_BUCKET/$STORE_FOLDER$1" "$2"
  case $STORE_STATUS in
    200) ;;
    404)
      rm -f "$2"
      return 1
      ;;
    *) refused_by_store "give $1" "$2" ;;
  esac
}

# store_holds KEY SHA256 reads an object back, and tells whether these are the bytes.
store_holds() {
  connect_store
  [[ $(curl --config <(echo "$STORE_CONFIG") --fail "$STORE_BUCKET/$STORE_FOLDER$1" | sha256sum) == "$2  -" ]]
}

# store_delete KEY removes an object; it is no error when there is none.
store_delete() {
  connect_store
  make_scratch
  ask_store DELETE "$STORE_BUCKET/$STORE_FOLDER$1" "$SCRATCH/answer"
  [[ $STORE_STATUS == 20[04] || $STORE_STATUS == 404 ]] || refused_by_store "remove $1" "$SCRATCH/answer"
}

# store_list FOLDER/ [DELIMITER] sets STORE_KEYS to the keys below a folder; with the delimiter "/", to what is directly in it.
store_list() {
  local token='' listed
  connect_store
  make_scratch
  STORE_KEYS=()
  while :; do
    ask_store GET "$STORE_BUCKET" "$SCRATCH/answer" --url-query list-type=2 --url-query "prefix=$STORE_FOLDER$1" \
      ${2:+--url-query "delimiter=$2"} ${token:+--url-query "continuation-token=$token"}
    [[ $STORE_STATUS == 200 ]] || refused_by_store "list $1" "$SCRATCH/answer"
    mapfile -t listed < <(grep --only-matching -E '<(Key|CommonPrefixes><Prefix)>[^<]*' "$SCRATCH/answer" | sed 's/.*>//')
    STORE_KEYS+=("${listed[@]#"$STORE_FOLDER"}")
    token=$(sed -n 's/.*<NextContinuationToken>\([^<]*\)<.*/\1/p' "$SCRATCH/answer")
    [[ -n $token ]] || return 0
  done
}
