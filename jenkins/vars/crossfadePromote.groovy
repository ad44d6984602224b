/** Ends what the release in progress waits for: a hold, or a gate's consent; with `step` only that. */
def call(Map config = [:]) {
    crossfade.there(config) {
        List words = ['promote', '--reason', config.reason ?: "build ${env.BUILD_TAG}"]
        if (config.step) {
            words += ['--step', config.step]
        }
        int code = crossfade.run(config, words + crossfade.saying())
        if (code != 0) {
            error("crossfade promote: ${crossfade.why(code)}")
        }
    }
}
