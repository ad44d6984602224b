#include "aws/boot_text.h"

#include <string_view>

namespace aws {

// Needs /bin/sh, curl 7.75 or later, sha256sum, tar; systemd, except where $AWSBOX_ADDRESS says
// that awsbox plays the machine. Keys come from the instance's role and go to curl by its standard
// input: a process list shows none (P11).
const std::string_view kBootText = R"SH(
umask 022
if [ -n "${AWSBOX_ADDRESS:-}" ]; then
    home=$PWD/crossfade
else
    home=/opt/crossfade
fi
mkdir -p "$home"
say() { echo "crossfade: $*"; }

metadata=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
session() {
    curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/latest/api/token"
}
metadatum() { curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/latest/meta-data/$1"; }
member() { printf '%s' "$keys" | tr -d '\n' | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

s3=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-$s3_of_region}}
# KEY DIGEST FILE: there only once its content has the digest.
fetch() {
    token=$(session) || return 1
    role=$(metadatum iam/security-credentials/ | head -n 1) || return 1
    keys=$(metadatum "iam/security-credentials/$role") || return 1
    curl -sf --connect-timeout 5 --retry 2 -o "$3.part" -K - <<END || return 1
url = "$s3/$bucket/$1"
aws-sigv4 = "aws:amz:$region:s3"
user = "$(member AccessKeyId):$(member SecretAccessKey)"
header = "x-amz-security-token: $(member Token)"
header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"
END
    if ! echo "$2  $3.part" | sha256sum -c --status; then
        say "$1 is not what it should be"
        rm -f "$3.part"
        return 1
    fi
    mv "$3.part" "$3"
}
fetched() {
    for pause in 1 1 2 4 8 15 30 60 60 60; do
        [ -f "$3" ] && return 0
        fetch "$@" && return 0
        say "cannot fetch $1 yet"
        sleep "$pause"
    done
    return 1
}

fetched "$artifact_key" "$artifact_digest" "$home/artifact" || { say "no artifact"; exit 1; }
fetched "$config_key" "$config_digest" "$home/run" || { say "no config"; exit 1; }
chmod 755 "$home/run"
folder=$home/$artifact_digest
if [ ! -d "$folder" ]; then
    rm -rf "$folder.part"
    mkdir "$folder.part"
    case $artifact_name in
        *.tar.gz | *.tgz) tar -xzf "$home/artifact" -C "$folder.part" ;;
        *.tar.zst) tar --zstd -xf "$home/artifact" -C "$folder.part" ;;
        *.tar) tar -xf "$home/artifact" -C "$folder.part" ;;
        *) cp "$home/artifact" "$folder.part/$artifact_name" && chmod 755 "$folder.part/$artifact_name" ;;
    esac || { say "the artifact cannot be unpacked"; exit 1; }
    mv "$folder.part" "$folder"
fi

token=$(session)
instance=$(metadatum instance-id)
address=$(metadatum local-ipv4)
mkdir -p "$home/work"
if [ -n "${AWSBOX_ADDRESS:-}" ]; then
    # Not `exec`: what ends by itself is started again, as systemd does.
    export CROSSFADE_ARTIFACT="$folder" CROSSFADE_INSTANCE="$instance" CROSSFADE_POOL="$pool"
    export CROSSFADE_ADDRESS="$AWSBOX_ADDRESS" CROSSFADE_PORT="$port"
    cd "$home/work"
    trap 'trap - TERM; kill -TERM "$child" 2>/dev/null; wait "$child"; exit 0' TERM
    while :; do
        "$home/run" &
        child=$!
        wait "$child" || true
        say "the service ended and is started again"
        sleep 1
    done
fi

id -u "$user" >/dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin "$user"
chown "$user" "$home/work"
cat >/etc/systemd/system/crossfade-app.service <<END
[Unit]
Description=$application by Crossfade
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=$user
WorkingDirectory=$home/work
Environment=CROSSFADE_ARTIFACT=$folder CROSSFADE_INSTANCE=$instance CROSSFADE_POOL=$pool
Environment=CROSSFADE_ADDRESS=$address CROSSFADE_PORT=$port
ExecStart=$home/run
Restart=always
RestartSec=1
KillMode=mixed
TimeoutStopSec=$stop_grace
LimitNOFILE=1048576
NoNewPrivileges=yes
ProtectSystem=full
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable crossfade-app.service
systemctl restart crossfade-app.service
)SH";

}  // namespace aws
