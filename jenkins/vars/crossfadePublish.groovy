/**
 * Keeps what is to be released: in the build, with fingerprints, and for the steps that follow on
 * other agents. Call it where the files are, with the spec among them.
 */
def call(String files) {
    archiveArtifacts(artifacts: files, fingerprint: true)
    stash(name: 'crossfade-release', includes: files)
}

def call(Map config) {
    call((String) config.files)
}
